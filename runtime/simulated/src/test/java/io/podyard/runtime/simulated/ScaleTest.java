package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much one process holds, and how fast groups start through its socket. */
class ScaleTest {

  private static final InstallationId INSTALLATION = new InstallationId("scale");
  private static final int HOSTS = 10_000;
  private static final int GROUPS = 25_000;
  private static final int AT_ONCE = 64;

  /** Far below what a free machine does, so that a busy one passes. */
  private static final int SLOWEST_PER_SECOND = 200;

  private static final long MOST_RESIDENT_KIB = 256 * 1024;

  @TempDir private Path folder;

  @Test
  void tenThousandHostsWithFiftyThousandContainersFitIntoAQuarterGigabyte() throws Exception {
    try (TestProcess process =
            new TestProcess(folder, Map.of(SimulatedHosts.HOSTS, Integer.toString(HOSTS)));
        SimulatedHostsClient client = process.connect()) {
      client.configure(FaultPlan.instant());
      assertThat(client.hosts()).hasSize(HOSTS);
      PodRuntime runtime =
          new PodRuntime("simulated", client::engine, InstantSource.system(), PodSettings.DEFAULTS);

      long before = System.nanoTime();
      startAll(runtime);
      double seconds = (System.nanoTime() - before) / 1e9;

      long resident = residentKib(process.handle().pid());
      System.out.printf(
          "%d groups of 2 containers on %d hosts: %.0f groups/s through the socket, %d MiB%n",
          GROUPS, HOSTS, GROUPS / seconds, resident / 1024);
      assertThat(resident).isLessThan(MOST_RESIDENT_KIB);
      assertThat(GROUPS / seconds).isGreaterThan(SLOWEST_PER_SECOND);
      assertThat(runtime.list(INSTALLATION, host(17)))
          .hasSize(GROUPS / HOSTS + (17 < GROUPS % HOSTS ? 1 : 0))
          .allSatisfy(g -> assertThat(g.containers()).hasSize(2).allMatch(c -> c.running()));
    }
  }

  private static HostId host(int number) {
    return new HostId("sim-%04d".formatted(1 + number % HOSTS));
  }

  private static void startAll(PodRuntime runtime) throws Exception {
    GroupSpec spec =
        Groups.of(
            RestartPolicy.ALWAYS,
            ContainerSpec.of("app", "nginx:1.27"),
            ContainerSpec.of("side", "envoy:1", "envoy", "-c", "/etc/envoy.yaml"));
    Semaphore free = new Semaphore(AT_ONCE);
    AtomicInteger running = new AtomicInteger();
    AtomicReference<Exception> failed = new AtomicReference<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < GROUPS && failed.get() == null; i++) {
        int number = i;
        free.acquire();
        Future<?> _ =
            threads.submit(
                () -> {
                  try {
                    start(runtime, spec, number);
                    running.incrementAndGet();
                  } catch (Exception e) {
                    failed.set(e);
                  } finally {
                    free.release();
                  }
                });
      }
    }
    assertThat(failed.get()).isNull();
    assertThat(running).hasValue(GROUPS);
  }

  private static void start(PodRuntime runtime, GroupSpec spec, int number) throws Exception {
    AtomicReference<GroupState> stored = new AtomicReference<>(GroupState.initial(spec));
    GroupOrder order =
        new GroupOrder(
            INSTALLATION,
            new AccountId("acc"),
            new ContainerGroupId("eci-" + number),
            host(number),
            spec,
            1,
            new Goal.Run(),
            stored.get(),
            null);
    var _ =
        runtime.drive(
            order,
            new OpenFence(1),
            (next, _) -> {
              stored.set(next);
              return true;
            });
    assertThat(stored.get().phase()).isEqualTo(GroupPhase.RUNNING);
  }

  private static long residentKib(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCallOnAnIdleProcessIsQuick() throws Exception {
    try (TestProcess process = new TestProcess(folder, Map.of());
        SimulatedHostsClient client = process.connect()) {
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 500; i++) {
        long before = System.nanoTime();
        client.engine(host(0)).report();
        best = Math.min(best, System.nanoTime() - before);
      }
      assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(20));
    }
  }
}
