package io.podyard.controlplane.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.WaitedFor.Wanted;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where groups get that are made while others wait for hosts that would be better. */
class NewcomerPicksTest {

  private static final int HOSTS = NewcomerPicks.MOST_LEFT + 2;
  private static final Size WHOLE = Size.of(8_000, 8_192);
  private static final PlacementRequest ANY =
      PlacementRequest.anywhereIn(new RegionId("r"), Size.of(1_000, 1_024));

  private TestDatabase database;
  private Placement placement;

  @BeforeEach
  void addHosts() {
    database = TestDatabase.create();
    placement = new Placement(new Inventory(database.jdbc()));
    TestHosts.add(database.jdbc(), HOSTS, WHOLE);
    placement.open(IntStream.rangeClosed(1, HOSTS).mapToObj(NewcomerPicksTest::host).toList());
    placement.renew();
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Equal hosts are taken in this order. */
  private static HostId host(int number) {
    return new HostId("h" + number);
  }

  /** Groups wait whose disks are on the first so many hosts. */
  private void waitForTheFirst(int hosts) {
    placement
        .waitedFor()
        .looked(
            IntStream.rangeClosed(1, hosts)
                .mapToObj(number -> new Wanted(ANY.onHost(host(number)), false))
                .toList());
  }

  private boolean allAreEmpty() {
    PlacementRequest whole = PlacementRequest.anywhereIn(new RegionId("r"), WHOLE);
    return placement.explain(whole).hostsFitting() == HOSTS;
  }

  @Test
  void aHostThatIsWaitedForIsLeftForTheNextBest() {
    for (int waiting = 0; waiting <= NewcomerPicks.MOST_LEFT; waiting++) {
      waitForTheFirst(waiting);
      Placement.NewPick pick = placement.pickNew(ANY, false);
      assertThat(pick.othersFirst()).isFalse();
      assertThat(pick.pick().map(Placement.Pick::host)).contains(host(waiting + 1));
      assertThat(decision(pick).leftToOthers()).isEqualTo(waiting);
      pick.pick().ifPresent(placement::notWritten);
      assertThat(allAreEmpty()).as("nothing was taken of the others").isTrue();
    }
  }

  @Test
  void soManyAreLookedAtAndNoMore() {
    waitForTheFirst(NewcomerPicks.MOST_LEFT + 1);
    assertThat(placement.pickNew(ANY, false)).isEqualTo(nothingBut(true));
    assertThat(allAreEmpty()).isTrue();
  }

  @Test
  void whereTheOthersAreFullItHasToWait() {
    waitForTheFirst(1);
    PlacementRequest whole = PlacementRequest.anywhereIn(new RegionId("r"), WHOLE);
    for (int number = 2; number <= HOSTS; number++) {
      assertThat(placement.pick(whole.onHost(host(number)))).isPresent();
    }
    assertThat(placement.pickNew(ANY, false)).isEqualTo(nothingBut(true));
    assertThat(placement.pick(ANY).map(Placement.Pick::host)).contains(host(1));
    assertThat(placement.pickNew(whole, false)).isEqualTo(nothingBut(false));
  }

  /** So many that ask for different things that no host has. */
  private static List<Wanted> tooLarge(int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> new Wanted(ANY.sized(Size.of(9_000 + number, 1_024)), false))
        .toList();
  }

  private void waitFor(List<Wanted> first, List<Wanted> others) {
    placement.waitedFor().looked(Stream.concat(first.stream(), others.stream()).toList());
  }

  @Test
  void thoseBeyondTheFirstAreLetGoFirstAsWell() {
    waitFor(tooLarge(WaitedFor.MOST), List.of(new Wanted(ANY.onHost(host(1)), false)));
    Placement.NewPick pick = placement.pickNew(ANY, false);
    assertThat(pick.pick().map(Placement.Pick::host)).contains(host(2));
    assertThat(decision(pick).leftToOthers()).isEqualTo(1);

    // The least of a kind: the smaller one is not hidden by the larger, whichever came first.
    Wanted large = new Wanted(ANY.sized(Size.of(9_000, 512)), true);
    Wanted small = new Wanted(ANY, true);
    for (List<Wanted> others : List.of(List.of(large, small), List.of(small, large))) {
      waitFor(tooLarge(WaitedFor.MOST), others);
      assertThat(placement.pickNew(ANY, true)).isEqualTo(nothingBut(true));
    }
    assertThat(placement.pickNew(ANY, false).pick()).as("it pays in full").isPresent();
  }

  @Test
  void howeverManyWaitThoseThatFitNowhereHoldUpNobody() {
    waitFor(tooLarge(3 * WaitedFor.MOST), List.of());
    Placement.NewPick pick = placement.pickNew(ANY, false);
    assertThat(pick.pick().map(Placement.Pick::host)).contains(host(1));
    assertThat(decision(pick).leftToOthers()).isZero();
  }

  @Test
  void ofTooManyKindsTheLeastOfAllCounts() {
    List<Wanted> kinds =
        IntStream.range(0, WaitedFor.MOST)
            .mapToObj(number -> new Wanted(ANY.onHost(new HostId("gone-" + number)), false))
            .toList();
    waitFor(
        tooLarge(WaitedFor.MOST),
        Stream.concat(kinds.stream(), Stream.of(new Wanted(ANY.onHost(host(1)), false))).toList());
    assertThat(placement.pickNew(ANY, false)).isEqualTo(nothingBut(true));
    waitFor(tooLarge(WaitedFor.MOST), kinds);
    assertThat(placement.pickNew(ANY, false).pick()).isPresent();
  }

  private static Placement.NewPick nothingBut(boolean othersFirst) {
    return new Placement.NewPick(Optional.empty(), othersFirst);
  }

  @Test
  void theDecisionSaysThatBetterHostsWereLeft() {
    waitForTheFirst(1);
    Decision one = decision(placement.pickNew(ANY, false));
    assertThat(one.sentence())
        .isEqualTo(one.explanation().sentence() + " 1 better one was left to groups that wait.");
    waitForTheFirst(2);
    assertThat(decision(placement.pickNew(ANY, false)).sentence())
        .endsWith(" 2 better ones were left to groups that wait.");
    placement.waitedFor().looked(List.of());
    Decision plain = decision(placement.pickNew(ANY, false));
    assertThat(plain.sentence()).isEqualTo(plain.explanation().sentence());
  }

  /** The first picks of a process are all explained. */
  private static Decision decision(Placement.NewPick pick) {
    return Objects.requireNonNull(pick.pick().orElseThrow().decision());
  }
}
