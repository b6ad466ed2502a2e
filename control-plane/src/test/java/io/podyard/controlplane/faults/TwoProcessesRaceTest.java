package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.PodyardClient;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Two servers race for the capacity of few hosts, which three fifths of the groups fill, while
 * clients ask one or the other as it comes. One of them is killed meanwhile, and one is paused for
 * long after its leases are over and then wakes. {@code -Dpodyard.long=true} has 5,000 groups.
 */
class TwoProcessesRaceTest {

  private static final int GROUPS = Length.of(400, 5_000);
  private static final int HOSTS = 4;
  private static final int ON_EACH = GROUPS * 3 / 5 / HOSTS;
  private static final int ROOM = HOSTS * ON_EACH;
  private static final int CLIENTS = 16;

  /** A lease lives for four seconds. */
  private static final Duration PAUSE = Duration.ofSeconds(Length.of(8, 30));

  private static final Duration TAKEOVER = Duration.ofSeconds(5);

  /** A client that is not answered in this time asks again. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration LONGEST_REST = Duration.ofSeconds(Length.of(60, 600));

  @Test
  void whateverHappensToThemWhatWasAcknowledgedIsThereOnceAndNoHostIsOverfull() throws Exception {
    SplittableRandom random = Length.random(TwoProcessesRaceTest.class);
    Told told = new Told();
    try (ServerPair pair =
            ServerPair.start(
                "race",
                Map.of(
                    "PODYARD_SHARDS", Integer.toString(HOSTS),
                    "PODYARD_QUOTAS_MAXCPU", Integer.toString(GROUPS),
                    "PODYARD_QUOTAS_MAXCONTAINERGROUP", Integer.toString(GROUPS),
                    "PODYARD_SIMULATED_HOSTS", Integer.toString(HOSTS),
                    "PODYARD_SIMULATED_HOST_SIZE", ON_EACH + "vCPU/" + 2 * ON_EACH + "GiB"));
        Inspection inspection = pair.inspect();
        Watch watch = new Watch(inspection);
        PodyardClient first = pair.first().client(PATIENCE);
        PodyardClient second = pair.other(pair.first()).client(PATIENCE)) {
      List<PodyardClient> servers = List.of(first, second);
      Waiting.until("shards of both", () -> !drivesAlone(pair, inspection));
      long began = System.nanoTime();
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        Semaphore allowed = new Semaphore(percent(40));
        List<Future<?>> racing = race(clients, servers, random, allowed, told);
        killed(pair, told, inspection);
        allowed.release(percent(40));
        pausedAndWoken(pair, told, inspection);
        allowed.release(GROUPS);
        for (Future<?> client : racing) {
          Object _ = client.get();
        }
      }
      System.out.printf(
          "%d creates acknowledged after %d ms: %s%n", told.groups(), millisSince(began), told);
      rest("full hosts", () -> inspection.withStatus("Running").size() == ROOM);
      assertThat(inspection.withStatus("Scheduling")).hasSize(GROUPS - ROOM);
      System.out.printf("%d groups fill the hosts after %d ms%n", ROOM, millisSince(began));

      long deleted = System.nanoTime();
      deleteSome(servers, random, inspection.withStatus("Running"), told);
      rest("hosts full again", () -> inspection.withStatus("Running").size() == ROOM);
      System.out.printf(
          "%d waiting groups run in the place of deleted ones after %d ms%n",
          GROUPS - ROOM, millisSince(deleted));
      assertThat(inspection.withStatus("Scheduling")).isEmpty();
      watch.mustHaveSeenNothing();
      Aftermath.mustBeClean(told, first, inspection);
    }
  }

  private static int percent(int percent) {
    return GROUPS * percent / 100;
  }

  /**
   * Clients that create groups.
   *
   * @param allowed how many more, so that what befalls the servers falls into the race
   */
  private static List<Future<?>> race(
      ExecutorService clients,
      List<PodyardClient> servers,
      SplittableRandom random,
      Semaphore allowed,
      Told told) {
    ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
    IntStream.range(0, GROUPS).mapToObj(i -> "race-" + i).forEach(tokens::add);
    List<Future<?>> racing = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      PatientClient client = anyOf(servers, random.split(), told);
      racing.add(
          clients.submit(
              () -> {
                allowed.acquire();
                for (String token = tokens.poll(); token != null; token = tokens.poll()) {
                  told.asked(token);
                  told.created(token, client.create(parameters(token)));
                  allowed.acquire();
                }
                return null;
              }));
    }
    return racing;
  }

  private static PatientClient anyOf(
      List<PodyardClient> servers, SplittableRandom random, Told told) {
    return new PatientClient(() -> servers.get(random.nextInt(servers.size())), told);
  }

  private static Map<String, String> parameters(String token) {
    return Map.of(
        "ClientToken", token,
        "ContainerGroupName", token,
        "Cpu", "1",
        "Memory", "2",
        "TerminationGracePeriodSeconds", "2",
        "Container.1.Name", "app",
        "Container.1.Image", "podyard/app:1");
  }

  private static void killed(ServerPair pair, Told told, Inspection inspection) throws Exception {
    rest("a quarter of them", () -> told.groups() >= percent(25));
    ServerProcess dying = pair.first();
    long since = System.nanoTime();
    dying.kill9();
    Duration takeover = pair.untilDrives(pair.other(dying), inspection, since);
    System.out.printf(
        "killed at %d groups: taken over after %d ms%n", told.groups(), takeover.toMillis());
    assertThat(takeover).isLessThan(TAKEOVER);
    ServerProcess _ = dying.start();
    Waiting.until("its share", () -> !drivesAlone(pair, inspection));
  }

  private static void pausedAndWoken(ServerPair pair, Told told, Inspection inspection)
      throws Exception {
    ServerProcess pausing = pair.other(pair.first());
    rest("half of them", () -> told.groups() >= percent(50));
    int before = told.groups();
    pausing.freeze();
    long since = System.nanoTime();
    try {
      Duration takeover = pair.untilDrives(pair.first(), inspection, since);
      System.out.printf(
          "paused at %d groups: taken over after %d ms%n", before, takeover.toMillis());
      assertThat(takeover).isLessThan(TAKEOVER);
      Waiting.during(
          PAUSE.minus(Duration.ofNanos(System.nanoTime() - since)),
          () -> pausing.isFrozen() && pair.drives(pair.first(), inspection));
    } finally {
      pausing.resume();
    }
    System.out.printf(
        "woken after %d ms and %d groups%n", millisSince(since), told.groups() - before);
    Waiting.until("its share", () -> !drivesAlone(pair, inspection));
  }

  private static boolean drivesAlone(ServerPair pair, Inspection inspection) {
    return pair.drives(pair.first(), inspection)
        || pair.drives(pair.other(pair.first()), inspection);
  }

  private static void deleteSome(
      List<PodyardClient> servers,
      SplittableRandom random,
      List<ContainerGroupId> running,
      Told told)
      throws Exception {
    ConcurrentLinkedQueue<ContainerGroupId> groups =
        new ConcurrentLinkedQueue<>(running.subList(0, GROUPS - ROOM));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> deleting = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        PatientClient client = anyOf(servers, random.split(), told);
        deleting.add(
            clients.submit(
                () -> {
                  for (ContainerGroupId id = groups.poll(); id != null; id = groups.poll()) {
                    client.delete(id, true);
                  }
                }));
      }
      for (Future<?> client : deleting) {
        Object _ = client.get();
      }
    }
  }

  private static void rest(String what, BooleanSupplier condition) {
    Waiting.until(what, LONGEST_REST, condition);
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }

  /** Looks all the time whether a host is overfull, or has another sum than its reservations. */
  private static final class Watch implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Inspection inspection;
    private final List<String> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private int looks;

    Watch(Inspection inspection) {
      this.inspection = inspection;
      this.thread = Thread.ofVirtual().name("race-watch").start(this::run);
    }

    private void run() {
      while (!closed) {
        // One statement sees one state.
        seen.addAll(
            inspection
                .jdbc()
                .queryForList(
                    """
                    select concat_ws(' ', h.id, h.reserved_milli_cpu, r.milli_cpu,
                                     h.allocatable_milli_cpu)
                    from host h
                    join (select host_id, sum(milli_cpu) milli_cpu, sum(memory_mib) memory_mib
                          from reservation group by host_id) r on r.host_id = h.id
                    where r.milli_cpu <> h.reserved_milli_cpu
                       or r.memory_mib <> h.reserved_memory_mib
                       or r.milli_cpu > h.allocatable_milli_cpu
                       or r.memory_mib > h.allocatable_memory_mib
                    """,
                    String.class));
        looks++;
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }

    void mustHaveSeenNothing() throws InterruptedException {
      close();
      assertThat(looks).isGreaterThan(50);
      assertThat(seen).isEmpty();
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      thread.join();
    }
  }
}
