package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold between two states stored one after the other, whatever happened. */
final class CommitRules {

  private static final Map<GroupPhase, Set<GroupPhase>> NEXT =
      Map.of(
          GroupPhase.PREPARING,
          Set.of(GroupPhase.PREPARING, GroupPhase.STARTING, GroupPhase.FAILED, GroupPhase.GONE),
          GroupPhase.STARTING,
          Set.of(
              GroupPhase.STARTING,
              GroupPhase.RUNNING,
              GroupPhase.REPLACING,
              GroupPhase.SUCCEEDED,
              GroupPhase.FAILED,
              GroupPhase.STOPPING,
              GroupPhase.STOPPED),
          GroupPhase.RUNNING,
          Set.of(
              GroupPhase.RUNNING,
              GroupPhase.REPLACING,
              GroupPhase.SUCCEEDED,
              GroupPhase.FAILED,
              GroupPhase.STOPPING,
              GroupPhase.STOPPED),
          GroupPhase.REPLACING,
          Set.of(
              GroupPhase.REPLACING,
              GroupPhase.STARTING,
              GroupPhase.RUNNING,
              GroupPhase.SUCCEEDED,
              GroupPhase.FAILED,
              GroupPhase.STOPPING,
              GroupPhase.STOPPED),
          GroupPhase.STOPPING,
          Set.of(GroupPhase.STOPPING, GroupPhase.STOPPED, GroupPhase.FAILED, GroupPhase.SUCCEEDED),
          GroupPhase.STOPPED,
          Set.of(GroupPhase.STOPPED, GroupPhase.GONE),
          GroupPhase.SUCCEEDED,
          Set.of(GroupPhase.GONE),
          GroupPhase.FAILED,
          Set.of(GroupPhase.GONE),
          GroupPhase.GONE,
          Set.of());

  private CommitRules() {}

  static void check(Goal goal, GroupState before, GroupState next, List<Occurrence> told) {
    if (!(goal instanceof Goal.Remove && next.phase() == GroupPhase.GONE)) {
      assertThat(NEXT.get(before.phase()))
          .as("%s may not follow %s", next, before)
          .contains(next.phase());
    }
    if (next.phase() == GroupPhase.GONE) {
      assertThat(next.containers())
          .allMatch(c -> c.current() instanceof ContainerStatus.Terminated);
    }
    if (told.isEmpty()) {
      assertThat(next).as("a commit stores something new").isNotEqualTo(before);
    }
    if (before.chargedFrom() != null) {
      assertThat(next.chargedFrom()).isEqualTo(before.chargedFrom());
    }
    if (before.endedAt() != null) {
      assertThat(next.endedAt()).isEqualTo(before.endedAt());
    }
    if (before.runningSince() != null) {
      assertThat(next.runningSince()).isEqualTo(before.runningSince());
    }
    if (next.endedAt() != null && next.chargedFrom() != null) {
      assertThat(next.endedAt()).isAfterOrEqualTo(next.chargedFrom());
    }
    boolean ended =
        switch (next.phase()) {
          case SUCCEEDED, FAILED, STOPPED -> true;
          case GONE -> next.chargedFrom() != null || before.endedAt() != null;
          case PREPARING, STARTING, RUNNING, REPLACING, STOPPING -> false;
        };
    assertThat(next.endedAt() != null).as("end of %s", next).isEqualTo(ended);
    assertThat(next.killAt() != null)
        .as("time to kill of %s", next)
        .isEqualTo(next.phase() == GroupPhase.STOPPING || next.phase() == GroupPhase.REPLACING);
    assertThat(next.generation()).isGreaterThanOrEqualTo(before.generation());
    for (ContainerProgress old : before.containers()) {
      ContainerProgress now = next.container(old.name()).orElse(null);
      if (now == null) {
        assertThat(next.generation())
            .as("%s is forgotten with its spec", old.name())
            .isGreaterThan(before.generation());
        continue;
      }
      int more = now.attempt() - old.attempt();
      assertThat(more).as("attempts of %s", now).isBetween(0, 1);
      assertThat(now.restarts()).isEqualTo(Math.max(0, now.attempt() - 1));
    }
  }
}
