package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.PodyardCallException;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A group may be deleted at any moment of its life, waiting, pulling, starting, running, ending or
 * ended, gently, by force or twice at once: its capacity comes back exactly once and nothing stays.
 */
class DeleteAnyMomentTest {

  private static final int LIVES = Boolean.getBoolean("podyard.long") ? 1_000 : 150;
  private static final int AT_ONCE = 16;
  private static final int HOSTS = 3;
  private static final int GROUPS_OF_FOUR_VCPU = HOSTS * 16 / 4;

  private static TestServer server;
  private static Groups groups;

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(HOSTS, "16vCPU/64GiB"));
    groups = Groups.ofNewAccount(server);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /**
   * One life.
   *
   * @param afterMillis from the answer of the create to the delete
   * @param deletes how many deletes are sent at once
   */
  private record Life(
      Map<String, String> create, int afterMillis, int deletes, String... deleteParameters) {

    static Life random(Random random, int number) {
      Map<String, String> create =
          Groups.shell(
              one(random, "sleep infinity", "true", "false", "sleep 0.3", "sleep 0.2; exit 2"),
              "ContainerGroupName=life-" + number,
              "RestartPolicy=" + one(random, "Always", "OnFailure", "Never"),
              "TerminationGracePeriodSeconds=" + random.nextInt(3),
              "Container.1.Image=" + image(random, number));
      if (random.nextInt(4) == 0) {
        create.putAll(Groups.parameters("Cpu=4", "Memory=16"));
      }
      if (random.nextBoolean()) {
        create.putAll(
            Groups.parameters(
                "InitContainer.1.Name=init",
                "InitContainer.1.Image=init:1",
                "InitContainer.1.Command.1=" + one(random, "true", "false"),
                "Container.2.Name=second",
                "Container.2.Image=" + image(random, number)));
      }
      int most = random.nextInt(3) == 0 ? 100 : 2_500;
      return new Life(
          create,
          random.nextInt(most),
          random.nextInt(4) == 0 ? 2 : 1,
          random.nextInt(3) == 0 ? new String[] {"Force=true"} : new String[0]);
    }

    /** The names say what the simulated hosts make of them. */
    private static String image(Random random, int number) {
      return one(
              random,
              "plain",
              "plain",
              "pull-slow",
              "pull-flaky",
              "not-found",
              "start-refused",
              "crash-loop",
              "exit-3",
              "ignores-stop")
          + ":"
          // Some find the image on their host, most have to fetch it.
          + number % 50;
    }

    private static String one(Random random, String... choices) {
      return choices[random.nextInt(choices.length)];
    }
  }

  @Test
  void capacityComesBackExactlyOnceWheneverAGroupIsDeleted() throws Exception {
    long seed = Long.getLong("podyard.seed", 20_260_802L);
    Random random = new Random(seed);
    List<Future<String>> lives = new ArrayList<>();
    List<ContainerGroupId> created = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
        ScheduledExecutorService moments = Executors.newScheduledThreadPool(4)) {
      for (int i = 0; i < LIVES; i++) {
        Life life = Life.random(random, i);
        lives.add(callers.submit(() -> live(life, moments)));
      }
      for (Future<String> life : lives) {
        created.add(new ContainerGroupId(life.get(5, TimeUnit.MINUTES)));
      }
    }
    assertThat(created).as("seed %d", seed).hasSize(LIVES).doesNotHaveDuplicates();

    Waiting.until("all groups are gone", () -> number("select count(*) from container_group") == 0);
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).as("seed %d", seed).isEmpty();
    assertThat(server.judge().acknowledged(created, created)).as("seed %d", seed).isEmpty();
    assertNothingIsLeft();
    assertNoLogIsKept(created);
    assertAllCapacityCanBeUsedAgain();
  }

  private static String live(Life life, ScheduledExecutorService moments) throws Exception {
    String id = groups.create(life.create());
    List<Future<?>> deletes = new ArrayList<>();
    for (int i = 0; i < life.deletes(); i++) {
      deletes.add(
          moments.schedule(
              () -> deleteUnlessGone(id, life), life.afterMillis(), TimeUnit.MILLISECONDS));
    }
    for (Future<?> delete : deletes) {
      delete.get(1, TimeUnit.MINUTES);
    }
    return id;
  }

  /** Of two deletes at once the later may find nothing any more. */
  private static void deleteUnlessGone(String id, Life life) {
    if (life.deletes() == 1 || groups.find(id).isPresent()) {
      try {
        groups.delete(id, life.deleteParameters());
      } catch (PodyardCallException refused) {
        if (life.deletes() == 1 || !refused.code().equals("InvalidParameter.NotFound")) {
          throw refused;
        }
      }
    }
  }

  private static int number(String query) {
    Integer number = server.jdbc().queryForObject(query, Integer.class);
    return number == null ? 0 : number;
  }

  private static void assertNothingIsLeft() throws RuntimeUnavailableException {
    assertThat(
            server
                .jdbc()
                .queryForList(
                    "select id from host where reserved_milli_cpu <> 0 or reserved_memory_mib <>"
                        + " 0"))
        .isEmpty();
    assertThat(number("select count(*) from reservation")).isZero();
    assertThat(number("select count(*) from usage_interval where ended_at is null")).isZero();
    InstallationId installation = installation();
    for (Map.Entry<HostId, GroupRuntime> host : server.runtimes().entrySet()) {
      assertThat(host.getValue().list(installation, host.getKey())).isEmpty();
    }
  }

  private static InstallationId installation() {
    return new Inventory(server.jdbc()).installation();
  }

  /** Logs live as long as the record, no longer. */
  private static void assertNoLogIsKept(List<ContainerGroupId> created)
      throws RuntimeUnavailableException {
    Waiting.until("all is forgotten", () -> number("select count(*) from group_remains") == 0);
    InstallationId installation = installation();
    for (Map.Entry<HostId, GroupRuntime> host : server.runtimes().entrySet()) {
      for (ContainerGroupId group : created) {
        for (String container : List.of("init", "main", "second")) {
          try {
            host.getValue()
                .logs(
                    installation,
                    host.getKey(),
                    group,
                    container,
                    new LogQuery(1, 1, null, false, false));
            throw new AssertionError(
                "%s still has the log of %s of %s".formatted(host.getKey(), container, group));
          } catch (NoSuchContainerException e) {
            // as it should be
          }
        }
      }
    }
  }

  /** What the server believes to be free is free: all of it, and not a bit more. */
  private static void assertAllCapacityCanBeUsedAgain() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < GROUPS_OF_FOUR_VCPU; i++) {
      ids.add(groups.create(Groups.shell("sleep infinity", "Cpu=4", "Memory=16")));
    }
    ids.forEach(id -> groups.untilStatus(id, "Running"));
    String oneMore = groups.create(Groups.shell("sleep infinity", "Cpu=4", "Memory=16"));
    assertThat(groups.get(oneMore).status()).isEqualTo("Scheduling");
    assertThat(groups.reasons(oneMore)).containsExactly("FailedScheduling");
    groups.delete(ids.getFirst(), "Force=true");
    groups.untilStatus(oneMore, "Running");
    ids.add(oneMore);
    ids.subList(1, ids.size()).forEach(id -> groups.delete(id, "Force=true"));
    ids.forEach(groups::untilGone);
  }
}
