package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.containergroup.GroupTransition;
import io.podyard.controlplane.containergroup.KeptFields;
import io.podyard.controlplane.containergroup.StoredGoal;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.RestartPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupLossTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = T0.plusSeconds(100);
  private static final GroupSpec SPEC =
      GroupSpec.of(
          "g", Size.of(1000, 2048), RestartPolicy.NEVER, ContainerSpec.of("c", "image", "true"));

  @Test
  void aRunningGroupFailsAndIsBilledUntilItWasLastSeen() {
    Instant seen = T0.plusSeconds(40);
    GroupTransition loss = loss(running(), seen);

    assertThat(loss.next().status()).isEqualTo(GroupStatus.FAILED);
    assertThat(loss.next().reason()).isEqualTo("HostLost");
    assertThat(loss.next().goal()).isEqualTo(StoredGoal.REMOVE);
    assertThat(loss.next().failedAt()).isEqualTo(seen);
    assertThat(loss.next().finalAt()).isEqualTo(NOW);
    assertThat(loss.next().releasedAt()).isEqualTo(NOW);
    assertThat(loss.next().state().phase()).isEqualTo(GroupPhase.GONE);
    assertThat(loss.next().state().endedAt()).isEqualTo(seen);
    assertThat(loss.next().state().containers().getFirst().current())
        .isInstanceOfSatisfying(
            ContainerStatus.Terminated.class,
            end -> {
              assertThat(end.reason()).isEqualTo("ContainerStatusUnknown");
              assertThat(end.finishedAt()).isEqualTo(seen);
            });
    assertThat(loss.meterCloses()).isEqualTo(seen);
    assertThat(loss.releases()).isTrue();
    assertThat(loss.ends()).isFalse();
    assertThat(loss.settles()).isFalse();
    assertThat(loss.occurrences()).extracting(Occurrence::reason).containsExactly("HostLost");
  }

  @Test
  void inDoubtTheUserPaysLess() {
    assertThat(loss(running(), null).meterCloses()).isEqualTo(T0);
    assertThat(loss(running(), T0.minusSeconds(5)).meterCloses()).isEqualTo(T0);
    assertThat(loss(running(), NOW.plusSeconds(5)).meterCloses()).isEqualTo(NOW);
  }

  @Test
  void aGroupThatWasNotBilledYetIsFree() {
    GroupState unbegun = GroupState.initial(SPEC);
    GroupTransition loss =
        loss(record(GroupStatus.SCHEDULING, StoredGoal.RUN, unbegun), T0.plusSeconds(40));

    assertThat(loss.next().status()).isEqualTo(GroupStatus.FAILED);
    assertThat(loss.meterCloses()).isNull();
    assertThat(loss.next().state().endedAt()).isNull();
    assertThat(loss.next().failedAt()).isEqualTo(NOW);
    assertThat(loss.next().deadlineAt()).isNull();
    assertThat(loss.releases()).isTrue();
  }

  @Test
  void aGroupThatWasBeingDeletedEndsAsDeleted() {
    Instant seen = T0.plusSeconds(40);
    GroupTransition loss =
        loss(record(GroupStatus.TERMINATING, StoredGoal.END, running().state()), seen);

    assertThat(loss.next().status()).isEqualTo(GroupStatus.TERMINATING);
    assertThat(loss.meterCloses()).isEqualTo(seen);
    assertThat(loss.releases()).isTrue();
    assertThat(loss.ends()).isTrue();
  }

  @Test
  void aGroupThatHadEndedOnlyLetsGo() {
    Instant end = T0.plusSeconds(7);
    GroupState ended = state(GroupPhase.SUCCEEDED, end);
    GroupTransition loss =
        loss(record(GroupStatus.SUCCEEDED, StoredGoal.REMOVE, ended), T0.plusSeconds(40));

    assertThat(loss.next().status()).isEqualTo(GroupStatus.SUCCEEDED);
    assertThat(loss.next().reason()).isEmpty();
    assertThat(loss.meterCloses()).isNull();
    assertThat(loss.next().state().endedAt()).isEqualTo(end);
    assertThat(loss.occurrences()).isEmpty();
    assertThat(loss.releases()).isTrue();
    assertThat(loss.ends()).isFalse();
    assertThat(loss(record(GroupStatus.SUCCEEDED, StoredGoal.END, ended), null).ends()).isTrue();
  }

  private static GroupTransition loss(GroupRecord record, @Nullable Instant lastSeen) {
    return GroupLoss.of(record, 1, lastSeen, NOW);
  }

  private static GroupRecord running() {
    return record(GroupStatus.RUNNING, StoredGoal.RUN, state(GroupPhase.RUNNING, null));
  }

  private static GroupState state(GroupPhase phase, @Nullable Instant endedAt) {
    List<ContainerProgress> containers =
        GroupState.initial(SPEC).containers().stream()
            .map(container -> container.with(new ContainerStatus.Running(T0)))
            .toList();
    return new GroupState(
        phase, "", "", "10.0.0.1", T0, T0, T0, endedAt, null, containers, List.of(), 1, null);
  }

  private static GroupRecord record(GroupStatus status, StoredGoal goal, GroupState state) {
    return new GroupRecord(
        new ContainerGroupId("eci-1"),
        new AccountId("acct-1"),
        new RegionId("r"),
        new ZoneId("r-a"),
        "g",
        status,
        "",
        "",
        SPEC,
        new KeptFields(null, null, null, null, null, null),
        Map.of(),
        state,
        1,
        1,
        new HostId("h1"),
        0,
        goal,
        "",
        goal == StoredGoal.END ? T0 : null,
        status == GroupStatus.SCHEDULING ? T0.plusSeconds(600) : null,
        false,
        T0,
        null,
        null,
        null,
        null,
        status.isFinal() ? T0 : null,
        null);
  }
}
