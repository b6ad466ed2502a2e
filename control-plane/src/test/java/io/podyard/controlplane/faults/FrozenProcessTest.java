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
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A whole process stands still between the check of its lease and the engine's socket, for a
 * create, a start and a remove, and goes on when another one has long taken over.
 */
@EnabledIfSystemProperty(named = "podyard.long", matches = "true")
class FrozenProcessTest {

  private static final Duration LONGEST_STAY = Duration.ofSeconds(10);

  @Test
  void whatAFrozenDriverStillDoesWhenItGoesOnIsHarmless() throws Exception {
    try (ServerPair pair =
            ServerPair.start(
                "frozen",
                Map.of("PODYARD_FREEZE_AT", "createContainer:before:1"),
                // The first container it starts is the one that the other one could not make.
                Map.of("PODYARD_FREEZE_AT", "startContainer:before:2"));
        Inspection inspection = pair.inspect()) {
      ServerProcess first = pair.first();
      ServerProcess second = pair.second();

      ContainerGroupId created = create(second, "frozen-at-create");
      thaw(first, inspection, () -> inspection.allAre(Set.of(created), "Running"));
      mustRunOnce(created, inspection);

      first.kill9();
      first.start(Map.of("PODYARD_FREEZE_AT", "removeContainer:before:1"));
      ContainerGroupId started = create(first, "frozen-at-start");
      thaw(second, inspection, () -> inspection.allAre(Set.of(started), "Running"));
      mustRunOnce(started, inspection);

      Set<String> before = inspection.running().get(created);
      delete(second, started);
      thaw(first, inspection, () -> !inspection.onHosts(started));
      assertThat(inspection.running().get(created)).isEqualTo(before);
      assertThat(inspection.intervals(started)).isEqualTo(1);

      // Those that were frozen are as good as ever.
      ContainerGroupId last = create(first, "after-all");
      Waiting.until("the last group", () -> inspection.allAre(Set.of(last), "Running"));
      inspection.mustBeContent();
      inspection.nothingWasRestarted();
      inspection.deleteAll(second.client());
      inspection.mustBeContent();
    }
  }

  /** Waits for the freeze and until the other one has done the work, lets go, and judges. */
  private static void thaw(ServerProcess frozen, Inspection inspection, BooleanSupplier done)
      throws Exception {
    Waiting.until("a freeze", frozen::isFrozen);
    Waiting.until("the work to be done by the other", done);
    assertThat(frozen.isFrozen()).isTrue();
    frozen.resume();
    Waiting.until("the thaw", frozen::isReady);
    assertThat(inspection.judge().verdict(LONGEST_STAY)).isEmpty();
  }

  private static void mustRunOnce(ContainerGroupId group, Inspection inspection) {
    assertThat(inspection.attempts(group)).containsExactly(1);
    assertThat(inspection.running().get(group)).hasSize(1);
    assertThat(inspection.events(group, "Started")).isEqualTo(1);
    assertThat(inspection.intervals(group)).isEqualTo(1);
  }

  private static ContainerGroupId create(ServerProcess server, String name) {
    return new ContainerGroupId(
        server
            .client()
            .call(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ContainerGroupName", name,
                    "TerminationGracePeriodSeconds", "2",
                    "Container.1.Name", "app",
                    "Container.1.Image", "podyard/app:1"),
                CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static void delete(ServerProcess server, ContainerGroupId group) {
    assertThat(
            server
                .client()
                .call(
                    Action.DELETE_CONTAINER_GROUP,
                    Map.of("ContainerGroupId", group.value()),
                    DeleteContainerGroupResponse.class)
                .requestId())
        .isNotEmpty();
  }
}
