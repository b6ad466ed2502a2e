package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupStepsTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final GroupSpec SPEC =
      GroupSpec.of(
          "g", Size.of(1000, 2048), RestartPolicy.NEVER, ContainerSpec.of("c", "image", "true"));

  @Test
  void theSandboxIsFreeAndTheMeterStartsWithTheFirstPull() {
    GroupTransition sandbox = step(scheduling(), state(GroupPhase.PREPARING, null, null));
    assertThat(sandbox.next().status()).isEqualTo(GroupStatus.SCHEDULING);
    assertThat(sandbox.meterOpens()).isNull();

    GroupTransition pull = step(sandbox.written(), state(GroupPhase.STARTING, T0, null));
    assertThat(pull.next().status()).isEqualTo(GroupStatus.PENDING);
    assertThat(pull.meterOpens()).isEqualTo(T0);
    assertThat(pull.next().deadlineAt()).isNull();

    GroupTransition running = step(pull.written(), state(GroupPhase.RUNNING, T0, null));
    assertThat(running.next().status()).isEqualTo(GroupStatus.RUNNING);
    assertThat(running.meterOpens()).isNull();
  }

  @Test
  void theMeterStopsWhenTheRuntimeSaysItEndedAndTheReservationWhenAllIsGone() {
    Instant end = T0.plusSeconds(40);
    GroupTransition ended =
        step(pending(), state(GroupPhase.SUCCEEDED, T0, end), T0.plusSeconds(90));
    assertThat(ended.next().status()).isEqualTo(GroupStatus.SUCCEEDED);
    assertThat(ended.meterCloses()).isEqualTo(end);
    assertThat(ended.next().succeededAt()).isEqualTo(end);
    assertThat(ended.next().goal()).isEqualTo(StoredGoal.REMOVE);
    assertThat(ended.releases()).isFalse();

    GroupTransition gone = step(ended.written(), state(GroupPhase.GONE, T0, end));
    assertThat(gone.next().status()).isEqualTo(GroupStatus.SUCCEEDED);
    assertThat(gone.meterCloses()).isNull();
    assertThat(gone.releases()).isTrue();
    assertThat(gone.ends()).isFalse();
  }

  @Test
  void aDeletedGroupIsTerminatingAndBilledUntilItStopped() {
    GroupRecord deleted = with(pending(), GroupStatus.TERMINATING, StoredGoal.END);
    GroupTransition stopping = step(deleted, state(GroupPhase.STOPPING, T0, null));
    assertThat(stopping.next().status()).isEqualTo(GroupStatus.TERMINATING);
    assertThat(stopping.meterCloses()).isNull();

    Instant end = T0.plusSeconds(7);
    GroupTransition stopped = step(stopping.written(), state(GroupPhase.STOPPED, T0, end));
    assertThat(stopped.next().status()).isEqualTo(GroupStatus.TERMINATING);
    assertThat(stopped.meterCloses()).isEqualTo(end);

    GroupTransition gone = step(stopped.written(), state(GroupPhase.GONE, T0, end));
    assertThat(gone.releases()).isTrue();
    assertThat(gone.ends()).isTrue();
  }

  @Test
  void aGroupDeletedBeforeItsFirstPullIsNeverMetered() {
    GroupRecord deleted = with(scheduling(), GroupStatus.TERMINATING, StoredGoal.END);
    GroupTransition gone = step(deleted, state(GroupPhase.GONE, null, null));
    assertThat(gone.meterOpens()).isNull();
    assertThat(gone.meterCloses()).isNull();
    assertThat(gone.ends()).isTrue();
  }

  @Test
  void whatIsLeftOfAGroupThatVanishedWithoutAnEndIsNotMeteredForEver() {
    GroupTransition gone =
        step(
            with(pending(), GroupStatus.TERMINATING, StoredGoal.END),
            state(GroupPhase.GONE, T0, null),
            T0.plusSeconds(5));
    assertThat(gone.meterCloses()).isEqualTo(T0.plusSeconds(5));
  }

  @Test
  void aGroupThatEndsAsItsHostFollowsAChangeNeverHadItsNewSize() {
    GroupRecord updating = changed(pending(), state(GroupPhase.REPLACING, T0, null));
    GroupState followed = state(GroupPhase.STARTING, T0, null, 2);
    assertThat(step(updating, followed).settles()).isTrue();

    GroupState ended = state(GroupPhase.SUCCEEDED, T0, T0.plusSeconds(40), 2);
    GroupTransition end = step(updating, ended);
    assertThat(end.meterCloses()).isEqualTo(T0.plusSeconds(40));
    assertThat(end.settles()).isFalse();
    assertThat(step(end.written(), state(GroupPhase.GONE, T0, T0.plusSeconds(40), 2)).settles())
        .isFalse();
  }

  @Test
  void aFinalStatusStays() {
    GroupRecord failed = with(pending(), GroupStatus.FAILED, StoredGoal.REMOVE);
    assertThat(step(failed, state(GroupPhase.RUNNING, T0, null)).next().status())
        .isEqualTo(GroupStatus.FAILED);
    assertThatThrownBy(
            () ->
                new GroupTransition(
                    failed,
                    with(failed, GroupStatus.RUNNING, StoredGoal.RUN),
                    1L,
                    List.of(),
                    T0,
                    null,
                    null,
                    false,
                    false))
        .hasMessageContaining("may not become");
  }

  private static GroupTransition step(GroupRecord seen, GroupState next) {
    return step(seen, next, T0.plusSeconds(100));
  }

  private static GroupTransition step(GroupRecord seen, GroupState next, Instant now) {
    return GroupSteps.step(seen, 1, next, List.of(), now);
  }

  private static GroupState state(
      GroupPhase phase, @Nullable Instant chargedFrom, @Nullable Instant endedAt) {
    return state(phase, chargedFrom, endedAt, 1);
  }

  private static GroupState state(
      GroupPhase phase, @Nullable Instant chargedFrom, @Nullable Instant endedAt, long generation) {
    return new GroupState(
        phase,
        "",
        "",
        "10.0.0.1",
        T0,
        chargedFrom,
        chargedFrom,
        endedAt,
        null,
        GroupState.initial(SPEC).containers(),
        List.of(),
        generation,
        null);
  }

  private static GroupRecord scheduling() {
    return record(
        GroupStatus.SCHEDULING, StoredGoal.RUN, GroupState.initial(SPEC), T0.plusSeconds(600));
  }

  private static GroupRecord pending() {
    return record(GroupStatus.PENDING, StoredGoal.RUN, state(GroupPhase.STARTING, T0, null), null);
  }

  private static GroupRecord with(GroupRecord record, GroupStatus status, StoredGoal goal) {
    return record(status, goal, record.state(), record.deadlineAt(), record.generation());
  }

  private static GroupRecord changed(GroupRecord record, GroupState state) {
    return record(
        GroupStatus.UPDATING, record.goal(), state, record.deadlineAt(), record.generation() + 1);
  }

  private static GroupRecord record(
      GroupStatus status, StoredGoal goal, GroupState state, @Nullable Instant deadlineAt) {
    return record(status, goal, state, deadlineAt, 1);
  }

  private static GroupRecord record(
      GroupStatus status,
      StoredGoal goal,
      GroupState state,
      @Nullable Instant deadlineAt,
      long generation) {
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
        generation,
        1,
        new HostId("h1"),
        0,
        goal,
        "",
        goal == StoredGoal.END ? T0 : null,
        deadlineAt,
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
