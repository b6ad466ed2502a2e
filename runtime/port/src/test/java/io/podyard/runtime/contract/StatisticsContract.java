package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of the use of groups. */
abstract class StatisticsContract extends CoreDumpContract {

  private static final String BUSY = "i=0; while [ $i -lt 100000000 ]; do i=$((i+1)); done";

  private Optional<GroupStatistics> statistics(DrivenGroup group, GroupSpec spec) throws Exception {
    List<GroupStatistics> all =
        runtime.statistics(installation, host(), List.of(GroupLimits.of(group.id(), spec)));
    assertThat(all).hasSizeLessThanOrEqualTo(1);
    return all.stream().findFirst();
  }

  @Test
  void countersOfARunningGroupOnlyGrowAndMemoryKeepsToItsLimit() throws Exception {
    GroupSpec spec =
        spec(RestartPolicy.ALWAYS, container("app", "sh", "-c", BUSY), staying("side"));
    DrivenGroup group = group(spec);
    driveTo(runtime, group, GroupPhase.RUNNING);

    GroupStatistics before = statistics(group, spec).orElseThrow();
    long end = System.nanoTime() + patience().toNanos();
    GroupStatistics after = before;
    while (cpu(after, "app") == cpu(before, "app") && System.nanoTime() < end) {
      after = statistics(group, spec).orElseThrow();
    }

    assertThat(cpu(after, "app")).as("it works all the time").isGreaterThan(cpu(before, "app"));
    assertThat(cpu(after, "side")).isGreaterThanOrEqualTo(cpu(before, "side"));
    assertThat(after.at())
        .isAfterOrEqualTo(before.at())
        .isBetween(Instant.now().minus(patience()), Instant.now().plusSeconds(2));
    assertThat(after.group()).isEqualTo(group.id());
    for (GroupStatistics one : List.of(before, after)) {
      assertThat(one.containers())
          .extracting(GroupStatistics.OfContainer::container)
          .containsExactly("app", "side");
      for (GroupStatistics.OfContainer of : one.containers()) {
        GroupStatistics.Memory memory = of.memory();
        long limit = spec.size().memory().bytes();
        assertThat(of.attempt()).isEqualTo(1);
        assertThat(of.since()).isBeforeOrEqualTo(Instant.now().plusSeconds(2));
        assertThat(memory.usage()).isPositive().isLessThanOrEqualTo(limit);
        assertThat(memory.workingSet()).isBetween(0L, memory.usage());
        assertThat(memory.rss()).isBetween(0L, limit);
        assertThat(memory.cache()).isBetween(0L, limit);
        assertThat(memory.available()).isEqualTo(limit - memory.workingSet());
      }
      assertThat(one.interfaces()).isNotEmpty();
    }
    for (int i = 0; i < before.interfaces().size(); i++) {
      GroupStatistics.Interface old = before.interfaces().get(i);
      GroupStatistics.Interface young = after.interfaces().get(i);
      assertThat(young.name()).isEqualTo(old.name()).isNotBlank();
      assertThat(young.rxBytes()).isGreaterThanOrEqualTo(old.rxBytes()).isNotNegative();
      assertThat(young.txBytes()).isGreaterThanOrEqualTo(old.txBytes()).isNotNegative();
      assertThat(young.rxPackets()).isGreaterThanOrEqualTo(old.rxPackets());
      assertThat(young.txPackets()).isGreaterThanOrEqualTo(old.txPackets());
    }
    for (GroupStatistics.Disk disk : before.disks()) {
      assertThat(after.disks())
          .filteredOn(other -> other.device().equals(disk.device()))
          .singleElement()
          .satisfies(
              other -> {
                assertThat(other.readBytes()).isGreaterThanOrEqualTo(disk.readBytes());
                assertThat(other.writeBytes()).isGreaterThanOrEqualTo(disk.writeBytes());
              });
    }
  }

  private static long cpu(GroupStatistics of, String container) {
    return of.containers().stream()
        .filter(one -> one.container().equals(container))
        .findFirst()
        .orElseThrow()
        .cpuNanos();
  }

  @Test
  void aContainersOwnLimitCounts() throws Exception {
    GroupSpec spec = spec(RestartPolicy.ALWAYS, staying("app"));
    DrivenGroup group = group(spec);
    driveTo(runtime, group, GroupPhase.RUNNING);
    Size own = Size.of(100, 64);

    GroupStatistics.Memory memory =
        runtime
            .statistics(
                installation,
                host(),
                List.of(new GroupLimits(group.id(), spec.size(), Map.of("app", own))))
            .getFirst()
            .containers()
            .getFirst()
            .memory();

    assertThat(memory.available() + memory.workingSet()).isEqualTo(own.memory().bytes());
  }

  @Test
  void whatDoesNotRunHasNoStatistics() throws Exception {
    GroupSpec over = spec(RestartPolicy.NEVER, container("app", "true"));
    DrivenGroup ended = group(over);
    driveTo(runtime, ended, GroupPhase.SUCCEEDED);
    GroupSpec spec = spec(RestartPolicy.ALWAYS, staying("app"));
    DrivenGroup running = group(spec);
    driveTo(runtime, running, GroupPhase.RUNNING);
    GroupLimits unknown =
        new GroupLimits(new ContainerGroupId("eci-nobody"), spec.size(), Map.of());
    List<GroupLimits> asked =
        List.of(GroupLimits.of(ended.id(), over), unknown, GroupLimits.of(running.id(), spec));

    assertThat(runtime.statistics(installation, host(), asked))
        .extracting(GroupStatistics::group)
        .containsExactly(running.id());
    assertThat(runtime.statistics(new InstallationId("another"), host(), asked)).isEmpty();
    assertThat(runtime.statistics(installation, host(), List.of())).isEmpty();

    running.goal(end(Duration.ofSeconds(1)));
    driveTo(runtime, running, GroupPhase.GONE);
    assertThat(runtime.statistics(installation, host(), asked)).isEmpty();
  }
}
