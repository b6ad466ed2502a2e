package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Picks for groups that a dry run does not make, beside one for a group that is made. */
class RehearsalTest {

  private static final Size WHOLE = Size.of(2_000, 4_096);
  private static final PlacementRequest REQUEST =
      PlacementRequest.anywhereIn(new RegionId("r"), WHOLE);

  @Test
  void theRoomThatARehearsalTakesIsMissingToNobody() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      TestHosts.add(database.jdbc(), 1, WHOLE);
      Placement placement = new Placement(new Inventory(database.jdbc()));
      placement.open(List.of(new HostId("h1")));
      placement.renew();
      GroupPlaces places =
          new SteppedTables(database.jdbc(), database.transaction()).places(placement);
      List<Optional<Placement.Pick>> made = new ArrayList<>();
      Thread create =
          Thread.ofPlatform().unstarted(() -> made.add(placement.pickNew(REQUEST, false).pick()));

      List<PlaceChoice.Chosen> rehearsed =
          new PlaceChoice(places, placement)
              .rehearse(
                  3,
                  group -> {
                    if (group == 1) {
                      // The first has all that there is.
                      create.start();
                      Waiting.until(
                          "a create that waits for its pick, or has it",
                          () -> !create.isAlive() || create.getState() == Thread.State.BLOCKED);
                    }
                    return List.of(new GroupPlace(REQUEST, null));
                  },
                  false,
                  new VSwitchPicture(Map.of()));
      create.join();

      assertThat(rehearsed).extracting(one -> one.pick().isPresent()).containsExactly(true, false);
      assertThat(rehearsed.getLast().waits()).isNotEmpty();
      assertThat(made).singleElement().satisfies(pick -> assertThat(pick).isPresent());
      assertThat(placement.pick(REQUEST)).isEmpty();
    }
  }
}
