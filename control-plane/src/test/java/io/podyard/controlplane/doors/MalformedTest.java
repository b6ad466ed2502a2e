package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.testing.TestServer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Requests that mean nothing, over HTTP: each is refused by name, and nothing comes of any. */
class MalformedTest {

  private static final int REQUESTS = Boolean.getBoolean("podyard.long") ? 100_000 : 5_000;
  private static final int CALLERS = 8;

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();

  @Test
  void everyMalformedRequestIsRefusedByNameAndMakesNothing() throws Exception {
    long seed = Long.getLong("podyard.seed", 20_260_801L);
    List<Future<Set<Action>>> callers = new ArrayList<>();
    Set<Action> refused = EnumSet.noneOf(Action.class);
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      for (int i = 0; i < CALLERS; i++) {
        long own = seed + i;
        callers.add(threads.submit(() -> sendNonsense(own)));
      }
      for (Future<Set<Action>> caller : callers) {
        refused.addAll(caller.get());
      }
    }
    assertThat(refused).containsExactlyInAnyOrder(Action.values());
    for (String table : List.of("container_group", "client_token", "group_event")) {
      assertThat(
              server
                  .jdbc()
                  .queryForObject(
                      "select count(*) from %s where account_id = ?".formatted(table),
                      Integer.class,
                      key.account().value()))
          .as(table)
          .isZero();
    }
  }

  private Set<Action> sendNonsense(long seed) {
    Random random = new Random(seed);
    Nonsense nonsense = new Nonsense(random);
    PodyardClient v1 = server.client(key, SignatureVersion.V1);
    PodyardClient v3 = server.client(key, SignatureVersion.V3);
    Set<Action> refused = EnumSet.noneOf(Action.class);
    for (int i = 0; i < REQUESTS / CALLERS; i++) {
      Nonsense.Request request = nonsense.next();
      String told = "seed %d, request %d: %s".formatted(seed, i, request);
      try {
        Object answer =
            (random.nextBoolean() ? v1 : v3)
                .call(request.action(), request.parameters(), request.action().responseType());
        throw new AssertionError(told + " was answered " + answer);
      } catch (PodyardCallException refusal) {
        assertThat(refusal.httpStatus()).as(told).isBetween(400, 499);
        assertThat(refusal.errorCode()).as("%s: %s", told, refusal).isPresent();
        assertThat(refusal.requestId()).as(told).isNotEmpty();
        assertThat(refusal.getMessage()).as(told).contains(request.wrong() + ":");
        refused.add(request.action());
      }
    }
    return refused;
  }
}
