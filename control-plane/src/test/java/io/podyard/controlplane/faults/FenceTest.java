package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A driver is held between the check of its lease and the engine's socket until another driver has
 * taken over, and then makes its call. No engine here knows epochs, so the call is carried out.
 */
class FenceTest {

  private static SimulatedProcess hosts;
  private static TestDatabase database;
  private static Inspection inspection;

  /** The driver that will be held; after each test the other one, which has taken over. */
  private static Plane driving;

  private static Gate gate;

  private Plane next;
  private Gate nextGate;

  @BeforeAll
  static void startFirst() throws Exception {
    hosts = SimulatedProcess.start("fence", 3, "16vCPU/64GiB");
    database = TestDatabase.create();
    gate = new Gate();
    driving = plane(gate);
    Waiting.until("shards", () -> driving.holdsShards());
    inspection =
        Inspection.of(database.url(), database.userName(), database.password(), hosts.socket());
  }

  @BeforeEach
  void startNext() throws Exception {
    nextGate = new Gate();
    next = plane(nextGate);
    // While it started, which is much work, the lease of the first one may have run out.
    Waiting.until("a driver", () -> driving.holdsShards() != next.holdsShards());
    if (next.holdsShards()) {
      Plane first = driving;
      driving = next;
      next = first;
      Gate firstGate = gate;
      gate = nextGate;
      nextGate = firstGate;
    }
  }

  private static Plane plane(Gate gate) throws Exception {
    return Plane.start(
        new Plane.Database(database.url(), database.userName(), database.password()),
        hosts,
        gate,
        Map.of());
  }

  @AfterEach
  void goOnWithNext() {
    gate.open();
    driving.close();
    driving = next;
    gate = nextGate;
  }

  @AfterAll
  static void closeAll() throws Exception {
    inspection.close();
    driving.close();
    hosts.close();
    database.close();
  }

  @Test
  void whatALateCreateMakesIsRemovedAndNeitherStartedNorBilled() throws Exception {
    gate.hold("createContainer");
    ContainerGroupId crashing = create("late-create", "podyard/crash-loop:1");
    Waiting.until("a held create", () -> gate.held("createContainer") == 1);
    gate.hold("createSandbox");
    ContainerGroupId deleted = create("late-sandbox", "podyard/app:1");
    Waiting.until("a held sandbox", () -> gate.held("createSandbox") == 1);

    takeOver();
    Waiting.until("the group runs", () -> inspection.allAre(Set.of(deleted), "Running"));
    delete(deleted);
    // The attempt is committed before its container is made.
    Waiting.until("a second attempt", () -> attempt(crashing) >= 2);
    Waiting.until(
        "its container alone",
        () -> {
          Set<Integer> attempts = inspection.attempts(crashing);
          return attempts.size() == 1 && !attempts.contains(1);
        });

    gate.open();
    long opened = System.nanoTime();
    Waiting.until(
        "both late calls were carried out",
        () -> gate.answeredLate("createContainer") == 1 && gate.answeredLate("createSandbox") == 1);
    Waiting.until(
        "what they made is gone",
        () -> !inspection.attempts(crashing).contains(1) && !inspection.onHosts(deleted));
    System.out.printf("late creates were gone after %d ms%n", since(opened).toMillis());
    Waiting.until(
        "one start for each attempt",
        () -> inspection.events(crashing, "Started") == attempt(crashing));
    assertThat(inspection.intervals(crashing)).isEqualTo(1);
    assertThat(inspection.intervals(deleted)).isEqualTo(1);
    delete(crashing);
    inspection.mustBeContent();
  }

  @Test
  void aLateStartStartsNothingThatRanAlreadyOrIsGone() throws Exception {
    gate.hold("startContainer");
    ContainerGroupId running = create("late-start", "podyard/app:1");
    ContainerGroupId deleted = create("late-start-deleted", "podyard/app:1");
    ContainerGroupId ended = createEndingHalf("late-start-ended");
    Waiting.until("held starts", () -> gate.held("startContainer") == 3);

    takeOver();
    Waiting.until(
        "the groups run", () -> inspection.allAre(Set.of(running, deleted, ended), "Running"));
    delete(deleted);
    Waiting.until("the end of one container", () -> isCompleted(ended));
    Set<String> before = inspection.running().get(running);
    Set<String> beforeEnded = inspection.running().get(ended);
    assertThat(beforeEnded).hasSize(1);

    gate.open();
    Waiting.until("the late starts were made", () -> gate.answeredLate("startContainer") == 3);
    assertThat(inspection.running().get(running)).isEqualTo(before);
    assertThat(inspection.onHosts(deleted)).isFalse();
    assertThat(inspection.running().get(ended)).isEqualTo(beforeEnded);
    assertThat(attempt(running)).isEqualTo(1);
    assertThat(attempt(ended)).isEqualTo(1);
    inspection.mustBeContent();
    inspection.nothingWasBilledTwice();
    delete(ended);
    delete(running);
  }

  @Test
  void aLateStopOrRemoveHitsNothingElse() throws Exception {
    ContainerGroupId running = create("late-remove-beside", "podyard/app:1");
    ContainerGroupId removed = create("late-remove", "podyard/app:1");
    ContainerGroupId stopped = create("late-stop", "podyard/app:1");
    Waiting.until(
        "the groups run", () -> inspection.allAre(Set.of(running, removed, stopped), "Running"));
    gate.hold("removeContainer");
    ask(driving, removed);
    Waiting.until("a held remove", () -> gate.held("removeContainer") == 1);
    gate.hold("beginStop");
    ask(driving, stopped);
    Waiting.until("a held stop", () -> gate.held("beginStop") == 1);
    Set<String> before = inspection.running().get(running);

    takeOver();
    Waiting.until(
        "the groups are over", () -> !inspection.onHosts(removed) && !inspection.onHosts(stopped));
    // One of the same name comes to the same host before the late calls do.
    ContainerGroupId other = create("late-remove", "podyard/app:1", next);
    Waiting.until("the new group runs", () -> inspection.allAre(Set.of(other), "Running"));
    Set<String> beforeOther = inspection.running().get(other);

    gate.open();
    Waiting.until(
        "the late calls were made",
        () -> gate.answeredLate("removeContainer") == 1 && gate.answeredLate("beginStop") == 1);
    Waiting.during(
        Duration.ofSeconds(1),
        () ->
            before.equals(inspection.running().get(running))
                && beforeOther.equals(inspection.running().get(other)));
    inspection.mustBeContent();
    inspection.nothingWasBilledTwice();
    delete(running);
    delete(other);
  }

  /** The held driver loses its shards, and the other one gets them with a higher epoch. */
  private void takeOver() {
    driving.loseLeases();
    Waiting.until("a takeover", () -> next.holdsShards());
  }

  private ContainerGroupId create(String name, String image) {
    return create(name, image, driving);
  }

  private static ContainerGroupId create(String name, String image, Plane plane) {
    return create(
        plane,
        Map.of(
            "ContainerGroupName",
            name,
            "TerminationGracePeriodSeconds",
            "2",
            "Container.1.Name",
            "app",
            "Container.1.Image",
            image));
  }

  /** Of two containers the first one ends at once and for good, the other one runs. */
  private static ContainerGroupId createEndingHalf(String name) {
    return create(
        driving,
        Map.of(
            "ContainerGroupName",
            name,
            "RestartPolicy",
            "Never",
            "Container.1.Name",
            "app",
            "Container.1.Image",
            "podyard/exit-0:1",
            "Container.2.Name",
            "side",
            "Container.2.Image",
            "podyard/app:1"));
  }

  private static ContainerGroupId create(Plane plane, Map<String, String> parameters) {
    return new ContainerGroupId(
        plane
            .client()
            .call(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static void ask(Plane plane, ContainerGroupId group) {
    DeleteContainerGroupResponse response =
        plane
            .client()
            .call(
                Action.DELETE_CONTAINER_GROUP,
                Map.of("ContainerGroupId", group.value()),
                DeleteContainerGroupResponse.class);
    assertThat(response.requestId()).isNotEmpty();
  }

  /** Deletes a group by the driver that has taken over, and waits until it is gone. */
  private void delete(ContainerGroupId group) {
    ask(next, group);
    Waiting.until(
        "the end of " + group,
        () ->
            inspection
                .jdbc()
                .queryForList(
                    "select 1 from container_group where id = ?", Integer.class, group.value())
                .isEmpty());
  }

  private static int attempt(ContainerGroupId group) {
    Integer attempt =
        inspection
            .jdbc()
            .queryForObject(
                "select (state #>> '{containers,0,attempt}')::int from container_group where id ="
                    + " ?",
                Integer.class,
                group.value());
    return attempt == null ? 0 : attempt;
  }

  /** Whether the first container of a group ended well. */
  private static boolean isCompleted(ContainerGroupId group) {
    return inspection
        .jdbc()
        .queryForList(
            "select state #>> '{containers,0,current,reason}' from container_group where id = ?",
            String.class,
            group.value())
        .contains("Completed");
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
