package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A driver is held between the check of its lease and the engine's socket until another driver has
 * taken over, and then makes its calls. No engine here knows epochs, so the calls are carried out.
 * Every kind of call is held, each for groups of its own, and one takeover serves them all: servers
 * take long to start. The tests look at what became of the groups.
 */
class FenceTest {

  private static SimulatedProcess hosts;
  private static TestDatabase database;
  private static Inspection inspection;

  /** The driver that is held. */
  private static Plane held;

  private static Gate gate;

  /** The one that takes over. */
  private static Plane next;

  private static ContainerGroupId lateCreate;
  private static ContainerGroupId lateSandbox;
  private static ContainerGroupId lateStart;
  private static ContainerGroupId lateStartDeleted;
  private static ContainerGroupId lateStartEnded;
  private static ContainerGroupId beside;
  private static ContainerGroupId lateRemove;
  private static ContainerGroupId lateStop;
  private static ContainerGroupId sameName;

  /** What ran of groups before the late calls were made. */
  private static Map<ContainerGroupId, Set<String>> before;

  private static long opened;

  @BeforeAll
  static void makeLateCalls() throws Exception {
    hosts = SimulatedProcess.start("fence", 3, "16vCPU/64GiB");
    database = TestDatabase.create();
    Gate firstGate = new Gate();
    Gate secondGate = new Gate();
    Plane first = plane(firstGate);
    Plane second = plane(secondGate);
    // While the second one started, which is much work, the lease of the first may have run out.
    Waiting.until("a driver", () -> first.holdsShards() != second.holdsShards());
    boolean firstDrives = first.holdsShards();
    held = firstDrives ? first : second;
    gate = firstDrives ? firstGate : secondGate;
    next = firstDrives ? second : first;
    inspection =
        Inspection.of(database.url(), database.userName(), database.password(), hosts.socket());

    holdCalls();
    held.loseLeases();
    Waiting.until("a takeover", () -> next.holdsShards());
    goOnWithoutThem();
    opened = System.nanoTime();
    gate.open();
    awaitLate("createContainer", 1);
    awaitLate("createSandbox", 1);
    awaitLate("startContainer", 3);
    awaitLate("removeContainer", 1);
    awaitLate("beginStop", 1);
  }

  private static Plane plane(Gate gate) throws Exception {
    return Plane.start(
        new Plane.Database(database.url(), database.userName(), database.password()),
        hosts,
        gate,
        Map.of("podyard.orphan-grace", "2s"));
  }

  private static void holdCalls() {
    beside = create("late-remove-beside", "podyard/app:1", held);
    lateRemove = create("late-remove", "podyard/app:1", held);
    lateStop = create("late-stop", "podyard/app:1", held);
    awaitRunning(beside, lateRemove, lateStop);
    gate.hold("removeContainer");
    ask(held, lateRemove);
    awaitHeld("removeContainer", 1);
    gate.hold("beginStop");
    ask(held, lateStop);
    awaitHeld("beginStop", 1);
    gate.hold("startContainer");
    lateStart = create("late-start", "podyard/app:1", held);
    lateStartDeleted = create("late-start-deleted", "podyard/app:1", held);
    lateStartEnded = createEndingHalf("late-start-ended");
    awaitHeld("startContainer", 3);
    gate.hold("createContainer");
    lateCreate = create("late-create", "podyard/crash-loop:1", held);
    awaitHeld("createContainer", 1);
    gate.hold("createSandbox");
    lateSandbox = create("late-sandbox", "podyard/app:1", held);
    awaitHeld("createSandbox", 1);
  }

  /** The other driver brings all groups where the late calls could do harm. */
  private static void goOnWithoutThem() {
    awaitRunning(lateSandbox, lateStart, lateStartDeleted, lateStartEnded);
    delete(lateSandbox);
    delete(lateStartDeleted);
    Waiting.until(
        "the groups are over",
        () -> !inspection.onHosts(lateRemove) && !inspection.onHosts(lateStop));
    // One of the same name comes to the same host before the late calls do.
    sameName = create("late-remove", "podyard/app:1", next);
    awaitRunning(sameName);
    Waiting.until("the end of one container", () -> isCompleted(lateStartEnded));
    // The attempt is committed before its container is made.
    Waiting.until("a second attempt", () -> attempt(lateCreate) >= 2);
    Waiting.until(
        "its container alone",
        () -> {
          Set<Integer> attempts = inspection.attempts(lateCreate);
          return attempts.size() == 1 && !attempts.contains(1);
        });
    before = inspection.running();
  }

  @AfterAll
  static void closeAll() throws Exception {
    gate.open();
    held.close();
    next.close();
    inspection.close();
    hosts.close();
    database.close();
  }

  @Test
  void whatALateCreateMakesIsRemovedAndNeitherStartedNorBilled() throws Exception {
    Waiting.until(
        "what they made is gone",
        () -> !inspection.attempts(lateCreate).contains(1) && !inspection.onHosts(lateSandbox));
    System.out.printf("late creates were gone after %d ms%n", since(opened).toMillis());
    Waiting.until(
        "one start for each attempt",
        () -> inspection.events(lateCreate, "Started") == attempt(lateCreate));
    assertThat(inspection.intervals(lateCreate)).isEqualTo(1);
    assertThat(inspection.intervals(lateSandbox)).isEqualTo(1);
    delete(lateCreate);
    inspection.mustBeContent();
  }

  @Test
  void aLateStartStartsNothingThatRanAlreadyOrIsGone() throws Exception {
    assertThat(before.get(lateStartEnded)).hasSize(1);
    Waiting.during(Duration.ofSeconds(1), () -> runsAsBefore(lateStart, lateStartEnded));
    assertThat(inspection.onHosts(lateStartDeleted)).isFalse();
    assertThat(attempt(lateStart)).isEqualTo(1);
    assertThat(attempt(lateStartEnded)).isEqualTo(1);
    inspection.mustBeContent();
    inspection.nothingWasBilledTwice();
  }

  @Test
  void aLateStopOrRemoveHitsNothingElse() throws Exception {
    assertThat(before.get(beside)).hasSize(1);
    assertThat(before.get(sameName)).hasSize(1);
    Waiting.during(Duration.ofSeconds(1), () -> runsAsBefore(beside, sameName));
    inspection.mustBeContent();
    inspection.nothingWasBilledTwice();
  }

  private static boolean runsAsBefore(ContainerGroupId... groups) {
    Map<ContainerGroupId, Set<String>> now = inspection.running();
    return List.of(groups).stream()
        .allMatch(group -> Objects.equals(now.get(group), before.get(group)));
  }

  private static void awaitRunning(ContainerGroupId... groups) {
    Waiting.until("the groups run", () -> inspection.allAre(Set.of(groups), "Running"));
  }

  private static void awaitHeld(String call, int calls) {
    Waiting.until("a held " + call, () -> gate.held(call) == calls);
  }

  private static void awaitLate(String call, int calls) {
    Waiting.until(
        "a late " + call + " that was carried out", () -> gate.answeredLate(call) == calls);
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
        held,
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
  private static void delete(ContainerGroupId group) {
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
