package io.podyard.scheduler;

import static io.podyard.scheduler.Hosts.HANGZHOU;
import static io.podyard.scheduler.Hosts.SINGAPORE;
import static io.podyard.scheduler.Hosts.fill;
import static io.podyard.scheduler.Hosts.host;
import static io.podyard.scheduler.Hosts.id;
import static io.podyard.scheduler.Hosts.in;
import static io.podyard.scheduler.Hosts.index;
import static io.podyard.scheduler.Hosts.need;
import static io.podyard.scheduler.Hosts.needInZone;
import static io.podyard.scheduler.Hosts.notReady;
import static io.podyard.scheduler.Hosts.reserved;
import static io.podyard.scheduler.Hosts.size;
import static io.podyard.scheduler.Hosts.zone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.Size;
import io.podyard.scheduler.PlacementDecision.NotPlaced;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementIndexTest {

  @Test
  void bestFitTakesTheHostWithTheLeastLeftOver() {
    PlacementIndex index =
        index(
            host("a", 16, 64),
            reserved(host("b", 16, 64), 12, 48),
            reserved(host("c", 16, 64), 8, 32));

    assertThat(picked(index, need(2, 4))).isEqualTo("b");
    assertThat(picked(index, need(6, 8))).isEqualTo("c");
    assertThat(picked(index, need(16, 64))).isEqualTo("a");
  }

  @Test
  void whatIsFoundIsWhatIsPicked() {
    PlacementIndex index = index(host("a", 16, 64), reserved(host("b", 16, 64), 12, 48));

    assertThat(index.find(need(2, 4))).contains((Placed) index.pick(need(2, 4)));
    assertThat(index.find(need(32, 4))).isEmpty();
    assertThat(new PlacementIndex().find(need(2, 4))).isEmpty();
  }

  @Test
  void aSmallEmptyHostIsABetterFitThanALargeHalfFullOne() {
    PlacementIndex index = index(reserved(host("a", 96, 384), 48, 192), host("b", 8, 32));

    assertThat(picked(index, need(2, 4))).isEqualTo("b");
  }

  @Test
  void spreadTakesTheHostThatIsLeastFullInItsScarcerDimension() {
    PlacementIndex index =
        fill(
            new PlacementIndex(PlacementPolicy.SPREAD),
            reserved(host("a", 16, 64), 8, 8),
            reserved(host("b", 16, 64), 2, 60),
            reserved(host("c", 16, 64), 6, 24));

    assertThat(picked(index, need(2, 4))).isEqualTo("c");
  }

  @Test
  void spreadMakesTheRoundOfEqualHosts() {
    PlacementIndex index =
        fill(
            new PlacementIndex(PlacementPolicy.SPREAD),
            host("c", 4, 16),
            host("a", 4, 16),
            host("b", 4, 16));

    assertThat(place(index, need(1, 2), 6)).containsExactly("a", "b", "c", "a", "b", "c");
  }

  @Test
  void bestFitFillsOneHostBeforeTheNext() {
    PlacementIndex index = index(host("c", 4, 16), host("a", 4, 16), host("b", 4, 16));

    assertThat(place(index, need(2, 4), 6)).containsExactly("a", "a", "b", "b", "c", "c");
    assertThat(index.pick(need(2, 4))).isInstanceOf(NotPlaced.class);
  }

  @Test
  void betweenEqualHostsTheSmallestIdWinsInWhateverOrderTheyCame() {
    assertThat(picked(index(host("h10", 8, 32), host("h2", 8, 32), host("h1", 8, 32)), need(1, 2)))
        .isEqualTo("h1");
    assertThat(picked(index(host("h1", 8, 32), host("h2", 8, 32), host("h10", 8, 32)), need(1, 2)))
        .isEqualTo("h1");
    PlacementIndex withoutFirst = index(host("h1", 8, 32), host("h2", 8, 32), host("h10", 8, 32));
    withoutFirst.remove(id("h1"));
    assertThat(picked(withoutFirst, need(1, 2))).isEqualTo("h10");
  }

  @Test
  void onlyHostsOfTheZoneAskedForAreTaken() {
    PlacementIndex index = index(host("a", 4, 16), in(host("b", 64, 256), HANGZHOU, zone("g")));

    assertThat(picked(index, needInZone("g", 2, 4))).isEqualTo("b");
    assertThat(picked(index, needInZone("b", 2, 4))).isEqualTo("a");
    assertThat(index.pick(needInZone("h", 2, 4))).isInstanceOf(NotPlaced.class);
    assertThat(index.pick(needInZone("b", 8, 4))).isInstanceOf(NotPlaced.class);
  }

  @Test
  void aHostWithRoomFitsWhereItIsAskedForAndReady() {
    PlacementIndex index =
        index(
            reserved(host("a", 4, 16), 2, 8),
            in(host("b", 64, 256), HANGZHOU, zone("g")),
            notReady(host("c", 4, 16)),
            in(host("d", 4, 16), SINGAPORE, zone("b")));

    assertThat(index.fits(need(2, 8), id("a"))).isTrue();
    assertThat(index.fits(need(2, 9), id("a"))).isFalse();
    assertThat(index.fits(needInZone("g", 2, 8), id("a"))).isFalse();
    assertThat(index.fits(needInZone("g", 2, 8), id("b"))).isTrue();
    assertThat(index.fits(need(1, 1).onHost(id("b")), id("a"))).isFalse();
    assertThat(List.of("c", "d", "nobody")).noneMatch(host -> index.fits(need(1, 1), id(host)));
    assertThat(index.pick(need(2, 8))).isInstanceOf(Placed.class);
  }

  @Test
  void hostsOfOtherRegionsAreNeverTaken() {
    PlacementIndex index = index(in(host("a", 4, 16), SINGAPORE, zone("b")));

    assertThat(index.pick(need(1, 1))).isInstanceOf(NotPlaced.class);
  }

  @Test
  void aHostThatIsNotReadyTakesNothingNewUntilItIsAgain() {
    PlacementIndex index = index(notReady(host("a", 4, 16)));
    assertThat(index.pick(need(1, 1))).isInstanceOf(NotPlaced.class);

    index.put(host("a", 4, 16));
    assertThat(picked(index, need(1, 1))).isEqualTo("a");
  }

  @Test
  void aRequestThatFillsAHostToTheBrimFits() {
    PlacementIndex index = index(host("a", 4, 16));

    assertThat(index.reserve(id("a"), size(4, 16))).isTrue();
    assertThat(index.host(id("a")).orElseThrow().free()).isEqualTo(Size.ZERO);
  }

  @Test
  void neverMoreIsReservedThanIsAllocatable() {
    PlacementIndex index = index(reserved(host("a", 4, 16), 3, 4));
    long version = index.version();

    assertThat(index.reserve(id("a"), size(2, 4))).isFalse();
    assertThat(index.reserve(id("a"), size(1, 13))).isFalse();
    assertThat(index.reserve(id("stranger"), size(1, 1))).isFalse();
    assertThat(index.version()).isEqualTo(version);
    assertThat(index.host(id("a")).orElseThrow().reserved()).isEqualTo(size(3, 4));
  }

  @Test
  void noMoreIsReleasedThanIsReserved() {
    PlacementIndex index = index(reserved(host("a", 4, 16), 2, 4));
    long version = index.version();

    assertThat(index.release(id("a"), size(2, 5))).isFalse();
    assertThat(index.release(id("stranger"), size(1, 1))).isFalse();
    assertThat(index.version()).isEqualTo(version);

    assertThat(index.release(id("a"), size(2, 4))).isTrue();
    assertThat(index.host(id("a")).orElseThrow().reserved()).isEqualTo(Size.ZERO);
  }

  @Test
  void undoingAPickLeavesTheHostAsItWas() {
    PlacementIndex index = index(reserved(host("a", 4, 16), 1, 3), host("b", 4, 16));
    HostSnapshot before = index.host(id("a")).orElseThrow();
    Placed pick = (Placed) index.pick(need(2, 4));
    index.reserve(pick.host(), size(2, 4));

    assertThat(index.undo(pick, size(2, 4))).isTrue();
    assertThat(index.host(id("a"))).contains(before);
    assertThat(((Placed) index.pick(need(2, 4))).host()).isEqualTo(pick.host());
  }

  @Test
  void undoingAPickTouchesNothingThatAFresherSnapshotSaid() {
    PlacementIndex index = index(host("a", 4, 16));
    Placed pick = (Placed) index.pick(need(2, 4));
    index.reserve(pick.host(), size(2, 4));
    // Meanwhile another process reserved as much; the database's word counts.
    index.put(reserved(host("a", 4, 16), 2, 4));

    assertThat(index.undo(pick, size(2, 4))).isFalse();
    assertThat(index.host(id("a")).orElseThrow().reserved()).isEqualTo(size(2, 4));

    index.remove(id("a"));
    assertThat(index.undo(pick, size(2, 4))).isFalse();
    assertThat(index.host(id("a"))).isEmpty();
  }

  @Test
  void aSnapshotReplacesAllThatWasReservedHere() {
    PlacementIndex index = index(host("a", 4, 16));
    index.reserve(id("a"), size(4, 16));

    index.put(reserved(host("a", 8, 32), 1, 2));

    assertThat(index.host(id("a"))).contains(reserved(host("a", 8, 32), 1, 2));
    assertThat(index.size()).isEqualTo(1);
  }

  @Test
  void aHostThatMovesToAnotherRegionIsNoLongerInTheFirst() {
    PlacementIndex index = index(host("a", 4, 16), host("b", 8, 32));
    index.put(in(host("a", 4, 16), SINGAPORE, zone("b")));

    assertThat(picked(index, need(1, 1))).isEqualTo("b");
    assertThat(picked(index, PlacementRequest.anywhereIn(SINGAPORE, size(1, 1)))).isEqualTo("a");
    assertThat(index.size()).isEqualTo(2);
    assertThat(index.explain(need(1, 1)).hostsLookedAt()).isEqualTo(1);
  }

  @Test
  void aRemovedHostIsForgotten() {
    PlacementIndex index = index(host("a", 4, 16));

    assertThat(index.remove(id("a"))).isTrue();
    assertThat(index.remove(id("a"))).isFalse();
    assertThat(index.size()).isZero();
    assertThat(index.explain(need(1, 1)).hostsLookedAt()).isZero();
  }

  @Test
  void everyChangeAndNothingElseRaisesTheVersion() {
    PlacementIndex index = new PlacementIndex();
    List<Long> versions = new ArrayList<>();
    versions.add(index.version());
    index.put(host("a", 4, 16));
    versions.add(index.version());
    index.reserve(id("a"), size(1, 1));
    versions.add(index.version());
    index.release(id("a"), size(1, 1));
    versions.add(index.version());
    Placed pick = (Placed) index.pick(need(1, 1));
    index.explain(need(1, 1));
    versions.add(index.version());
    index.remove(id("a"));
    versions.add(index.version());

    assertThat(versions).containsExactly(0L, 1L, 2L, 3L, 3L, 4L);
    assertThat(pick.version()).isEqualTo(3);
  }

  @Test
  void aSnapshotCannotHaveMoreReservedThanAllocatable() {
    assertThatThrownBy(() -> reserved(host("a", 4, 16), 4, 17))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host a");
  }

  private static String picked(PlacementIndex index, PlacementRequest request) {
    return ((Placed) index.pick(request)).host().value();
  }

  private static List<String> place(PlacementIndex index, PlacementRequest request, int times) {
    List<String> hosts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Placed pick = (Placed) index.pick(request);
      assertThat(index.reserve(pick.host(), request.size())).isTrue();
      hosts.add(pick.host().value());
    }
    return hosts;
  }
}
