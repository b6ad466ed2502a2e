package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * A whole process stands still between the check of its lease and the engine's socket, for a
 * create, a start and a remove, and goes on when the other one has long taken over. Which of the
 * two it is does not matter: the one that drives.
 */
class FrozenProcessTest {

  @Test
  void whatAFrozenDriverStillDoesWhenItGoesOnIsHarmless() throws Exception {
    try (ServerPair pair = ServerPair.start("frozen");
        Inspection inspection = pair.inspect()) {
      for (int i = 0; i < Length.of(1, 5); i++) {
        freezeAtEach(pair, inspection, "-" + i);
      }
      inspection.mustBeContent();
      inspection.nothingWasRestarted();
      inspection.deleteAll(pair.driving(inspection).client());
      inspection.mustBeContent();
    }
  }

  private static void freezeAtEach(ServerPair pair, Inspection inspection, String round)
      throws Exception {
    pair.freezeWhen("createContainer:before");
    ContainerGroupId created = create(pair, "frozen-at-create" + round);
    thaw(pair, inspection, () -> inspection.allAre(Set.of(created), "Running"));
    mustRunOnce(created, inspection);

    pair.freezeWhen("startContainer:before");
    ContainerGroupId started = create(pair, "frozen-at-start" + round);
    thaw(pair, inspection, () -> inspection.allAre(Set.of(started), "Running"));
    mustRunOnce(started, inspection);

    Set<String> before = inspection.running().get(created);
    pair.freezeWhen("removeContainer:before");
    delete(pair, started);
    thaw(pair, inspection, () -> !inspection.onHosts(started));
    assertThat(inspection.running().get(created)).isEqualTo(before);
    assertThat(inspection.intervals(started)).isEqualTo(1);

    // Those that were frozen are as good as ever.
    ContainerGroupId last = create(pair, "after-all" + round);
    Waiting.until("the last group", () -> inspection.allAre(Set.of(last), "Running"));
  }

  /** Waits for the freeze and until the other one has done the work, lets go, and judges. */
  private static void thaw(ServerPair pair, Inspection inspection, BooleanSupplier done)
      throws Exception {
    ServerProcess frozen = pair.frozen();
    long since = System.nanoTime();
    try {
      Waiting.until("the work to be done by the other", done);
      System.out.printf("done by the other after %d ms%n", millisSince(since));
      assertThat(frozen.isFrozen()).isTrue();
    } finally {
      frozen.resume();
    }
    long resumed = System.nanoTime();
    Waiting.until("the thaw", frozen::isReady);
    inspection.mustBeContent();
    System.out.printf("content %d ms after the thaw%n", millisSince(resumed));
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }

  private static void mustRunOnce(ContainerGroupId group, Inspection inspection) {
    Waiting.until("one start", () -> inspection.events(group, "Started") > 0);
    assertThat(inspection.attempts(group)).containsExactly(1);
    assertThat(inspection.running().get(group)).hasSize(1);
    assertThat(inspection.events(group, "Started")).isEqualTo(1);
    assertThat(inspection.intervals(group)).isEqualTo(1);
  }

  private static ContainerGroupId create(ServerPair pair, String name) {
    return new ContainerGroupId(
        pair.ask(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ClientToken", name,
                    "ContainerGroupName", name,
                    "TerminationGracePeriodSeconds", "2",
                    "Container.1.Name", "app",
                    "Container.1.Image", "podyard/app:1"),
                CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static void delete(ServerPair pair, ContainerGroupId group) {
    DeleteContainerGroupResponse response =
        pair.ask(
            Action.DELETE_CONTAINER_GROUP,
            Map.of("ContainerGroupId", group.value(), "ClientToken", "delete-" + group.value()),
            DeleteContainerGroupResponse.class);
    assertThat(response.requestId()).isNotEmpty();
  }
}
