package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The figures of simulated groups, in stepped time. */
class StatisticsTest {

  private static final Size GROUP = Size.of(2000, 4096);
  private static final Size SMALL = Size.of(250, 512);

  private static Stepped running(long seed) throws Exception {
    Stepped hosts = new Stepped(seed);
    hosts.world.configure(FaultPlan.instant());
    hosts.sandbox();
    hosts.run(ContainerSpec.of("one", "img"));
    hosts.run(ContainerSpec.of("two", "img"));
    return hosts;
  }

  private static GroupStatistics look(Stepped hosts, Size group) throws Exception {
    return hosts
        .engine
        .statistics(
            Stepped.INSTALLATION,
            List.of(new GroupLimits(Stepped.GROUP, group, Map.of("two", SMALL))))
        .getFirst();
  }

  private static List<GroupStatistics> hours(long seed) throws Exception {
    Stepped hosts = running(seed);
    List<GroupStatistics> looks = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      // A limit that falls takes nothing back.
      looks.add(look(hosts, i < 300 ? GROUP : Size.of(1000, 2048)));
      hosts.time.advance(Duration.ofSeconds(15));
    }
    return looks;
  }

  @Test
  void theyMoveWithTimeAndKeepToTheLimits() throws Exception {
    for (long seed = 0; seed < 20; seed++) {
      List<GroupStatistics> looks = hours(seed);
      for (int i = 1; i < looks.size(); i++) {
        Size group = i < 300 ? GROUP : Size.of(1000, 2048);
        check(looks.get(i - 1), looks.get(i), group, seed);
      }
      GroupStatistics last = looks.getLast();
      assertThat(last.containers()).allMatch(one -> one.cpuNanos() > 1_000_000_000L);
      assertThat(last.interfaces().getFirst().rxBytes()).isPositive();
      assertThat(last.disks().getFirst().writes()).isPositive();
    }
  }

  private static void check(GroupStatistics before, GroupStatistics now, Size group, long seed) {
    long usage = 0;
    long cpu = 0;
    for (int i = 0; i < now.containers().size(); i++) {
      GroupStatistics.OfContainer of = now.containers().get(i);
      Size limit = of.container().equals("two") ? SMALL : group;
      long used = of.cpuNanos() - before.containers().get(i).cpuNanos();
      assertThat(used).as("seed %d", seed).isBetween(1L, 15 * limit.cpu().value() * 1_000_000L);
      assertThat(of.memory().usage()).as("seed %d", seed).isBetween(1L, limit.memory().bytes());
      usage += of.memory().usage();
      cpu += used;
    }
    assertThat(usage).isLessThanOrEqualTo(group.memory().bytes());
    assertThat(cpu).isLessThanOrEqualTo(15 * group.cpu().value() * 1_000_000L);
    assertThat(now.interfaces().getFirst().rxBytes())
        .isGreaterThan(before.interfaces().getFirst().rxBytes());
    assertThat(now.disks().getFirst().readBytes())
        .isGreaterThan(before.disks().getFirst().readBytes());
  }

  @Test
  void theSameSeedGivesTheSameFiguresHoweverOftenOneLooks() throws Exception {
    assertThat(hours(7)).isEqualTo(hours(7));
    assertThat(hours(7).getLast()).isNotEqualTo(hours(8).getLast());

    Stepped seldom = running(7);
    seldom.time.advance(Duration.ofHours(1));
    GroupStatistics once = look(seldom, GROUP);
    GroupStatistics often = hours(7).get(240);
    for (int i = 0; i < once.containers().size(); i++) {
      assertThat(once.containers().get(i).cpuNanos())
          .isCloseTo(often.containers().get(i).cpuNanos(), Offset.offset(1_000L));
    }
  }
}
