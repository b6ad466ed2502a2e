package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupStatistics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What containers use on a real engine. */
@Timeout(120)
class EngineStatisticsTest extends EngineGround {

  private static final long MIB = 1 << 20;

  /** Sixteen bytes, doubled 19 times; the shell stays because something comes after the sleep. */
  private static final String GROWING =
      "x=0123456789abcdef; i=0; while [ $i -lt 19 ]; do x=$x$x; i=$((i+1)); done; sleep 1000; true";

  @Test
  void aBusyLoopIsSeenInItsCpuTimeAndAnAllocationInItsMemory() throws Exception {
    GroupSpec spec =
        spec(
            shell("busy", "while true; do true; done"),
            shell("idle", "sleep 1000"),
            shell("large", GROWING));
    ContainerGroupId group = group(spec);
    start(group, spec, "busy");
    start(group, spec, "idle");
    start(group, spec, "large");
    GroupLimits limits = GroupLimits.of(group, spec);

    GroupStatistics first = one(limits);
    GroupStatistics last = first;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < end
        && (of(last, "large").memory().rss() < 7 * MIB
            || Duration.between(first.at(), last.at()).toMillis() < 4_000)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      last = one(limits);
    }

    double seconds = Duration.between(first.at(), last.at()).toNanos() / 1e9;
    double cores = (of(last, "busy").cpuNanos() - of(first, "busy").cpuNanos()) / 1e9 / seconds;
    // Its limit is half a core, and the machine that runs the tests is busy as well.
    assertThat(cores).isBetween(0.05, 0.75);
    assertThat(of(last, "idle").cpuNanos() - of(first, "idle").cpuNanos())
        .isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
    GroupStatistics.Memory large = of(last, "large").memory();
    assertThat(large.rss()).isBetween(7 * MIB, 64 * MIB);
    assertThat(large.workingSet()).isGreaterThan(7 * MIB);
    assertThat(of(last, "idle").memory().rss()).isLessThan(4 * MIB);
    assertThat(last.interfaces()).extracting(GroupStatistics.Interface::name).contains("eth0");
  }

  private GroupStatistics one(GroupLimits limits) throws Exception {
    return engine.statistics(installation, List.of(limits)).getFirst();
  }

  private static GroupStatistics.OfContainer of(GroupStatistics group, String container) {
    return group.containers().stream()
        .filter(one -> one.container().equals(container))
        .findFirst()
        .orElseThrow();
  }
}
