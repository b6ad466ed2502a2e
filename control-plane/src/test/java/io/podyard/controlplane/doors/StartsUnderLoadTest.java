package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.PodyardCallException;
import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Creates without an end, by so many clients that starts yield to them. */
class StartsUnderLoadTest {

  private static final int CLIENTS = 32;
  private static final int BEHIND_OTHERS = 100;

  @Test
  void groupsComeToRunWhileOthersAreCreatedAndDeletionsDoNotStandInTheirLine() throws Exception {
    try (TestServer server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(40, "96vCPU/384GiB")
                .with("podyard.quotas.max-cpu", "100000")
                .with("podyard.quotas.max-container-group", "100000"))) {
      Groups groups = Groups.ofNewAccount(server);
      BindingLoad load = server.bean(BindingLoad.class);
      AtomicBoolean enough = new AtomicBoolean();
      AtomicInteger created = new AtomicInteger();
      List<Future<?>> ends = new ArrayList<>();
      try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
        for (int i = 0; i < CLIENTS; i++) {
          ends.add(
              clients.submit(
                  () -> {
                    while (!enough.get()) {
                      create(groups).ifPresent(_ -> created.incrementAndGet());
                    }
                  }));
        }
        try {
          Waiting.until("a crowd", () -> created.get() > BEHIND_OTHERS && load.isHeavy());
          String behind = one(groups);
          String deleted = one(groups);
          Waiting.until("its deletion", () -> isDeleted(groups, deleted));
          Waiting.until("its end", () -> status(server, deleted).isEmpty());
          Waiting.until("its start", () -> status(server, behind).equals(List.of("Running")));
          assertThat(load.isHeavy()).isTrue();
        } finally {
          enough.set(true);
        }
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
  }

  /** Empty if the server is too busy, which on a small machine it may be. */
  private static Optional<String> create(Groups groups) {
    try {
      return Optional.of(groups.create(Groups.shell("sleep 3600", "Cpu=0.25", "Memory=0.5")));
    } catch (PodyardCallException e) {
      if (busy(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String one(Groups groups) {
    AtomicReference<String> made = new AtomicReference<>("");
    Waiting.until(
        "one more group",
        () -> {
          create(groups).ifPresent(made::set);
          return !made.get().isEmpty();
        });
    return made.get();
  }

  private static boolean isDeleted(Groups groups, String id) {
    try {
      groups.delete(id);
      return true;
    } catch (PodyardCallException e) {
      if (busy(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean busy(PodyardCallException e) {
    return e.httpStatus() == 503;
  }

  private static List<String> status(TestServer server, String id) {
    return server
        .jdbc()
        .queryForList("select status from container_group where id = ?", String.class, id);
  }
}
