package io.podyard.scheduler;

import static io.podyard.scheduler.Hosts.HANGZHOU;
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

import io.podyard.scheduler.PlacementDecision.NotPlaced;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A host that is kept for one request. */
class KeptHostTest {

  @Test
  void nothingElseIsPlacedOnAKeptHost() {
    PlacementIndex hosts =
        index(reserved(host("kept", 16, 64), 12, 48).withKept(true), host("other", 16, 64));

    // By best fit it would be the one that is kept.
    assertThat(picked(hosts, need(2, 4))).isEqualTo("other");
    assertThat(picked(hosts, need(2, 4).withKeptHost(id("other")))).isEqualTo("other");

    hosts.put(reserved(host("kept", 16, 64), 12, 48));
    assertThat(picked(hosts, need(2, 4))).isEqualTo("kept");
  }

  @Test
  void theRequestThatItIsKeptForGoesThereAsSoonAsThereIsRoomAndElsewhereBefore() {
    PlacementRequest large = need(16, 64).withKeptHost(id("kept"));
    PlacementIndex hosts =
        index(
            reserved(host("kept", 16, 64), 12, 48).withKept(true),
            reserved(host("other", 16, 64), 1, 1));

    assertThat(hosts.pick(large)).isInstanceOf(NotPlaced.class);

    hosts.put(host("kept", 16, 64).withKept(true));
    assertThat(picked(hosts, large)).isEqualTo("kept");
    // Also where another host would be better.
    hosts.put(host("kept", 32, 128).withKept(true));
    hosts.put(host("other", 16, 64));
    assertThat(picked(hosts, large)).isEqualTo("kept");

    hosts.put(reserved(host("kept", 16, 64), 12, 48).withKept(true));
    assertThat(picked(hosts, large)).isEqualTo("other");
  }

  @Test
  void whatIsKeptHasToBeRightAllTheSame() {
    PlacementIndex hosts =
        index(notReady(host("drained", 16, 64)).withKept(true), host("far", 16, 64).withKept(true));
    hosts.put(in(host("far", 16, 64), HANGZHOU, zone("g")).withKept(true));

    assertThat(hosts.pick(need(1, 1).withKeptHost(id("drained")))).isInstanceOf(NotPlaced.class);
    assertThat(hosts.pick(needInZone("b", 1, 1).withKeptHost(id("far"))))
        .isInstanceOf(NotPlaced.class);
    assertThat(hosts.pick(need(1, 1).withKeptHost(id("gone")))).isInstanceOf(NotPlaced.class);
  }

  @Test
  void explanationsSaySo() {
    PlacementIndex hosts =
        index(
            host("kept", 16, 64).withKept(true),
            reserved(host("full", 16, 64), 15, 60),
            reserved(host("fuller", 16, 64), 16, 60));

    Explanation small = hosts.explain(need(2, 4));
    assertThat(small.ruledOut()).isEqualTo(Map.of(RuledOut.KEPT, 1, RuledOut.NOT_ENOUGH_CPU, 2));
    assertThat(small.largestFree()).isEqualTo(size(1, 4));
    assertThat(small.couldEverFit()).isTrue();
    assertThat(small.sentence())
        .isEqualTo(
            "None of 3 hosts of cn-hangzhou can take 2 vCPU and 4 GiB now: 1 kept for a larger"
                + " request, 2 without enough free vCPU. The most that is free on one host is 1"
                + " vCPU and 4 GiB; the closest host lacks 1 vCPU.");
    assertThat(RuledOut.KEPT.isForGood()).isFalse();

    Explanation all = index(host("kept", 16, 64).withKept(true)).explain(need(2, 4));
    assertThat(all.sentence())
        .isEqualTo(
            "None of 1 host of cn-hangzhou can take 2 vCPU and 4 GiB now: 1 kept for a larger"
                + " request.");
  }

  @Test
  void theClosestHostIsTheOneThatLacksLeast() {
    PlacementIndex hosts =
        index(
            reserved(host("a", 16, 64), 9, 10),
            reserved(host("b", 16, 64), 8, 10),
            reserved(host("c", 16, 64), 8, 10),
            reserved(host("d", 16, 64), 1, 1).withKept(true),
            reserved(notReady(host("e", 16, 64)), 1, 1),
            host("small", 15, 60));

    assertThat(hosts.closest(need(16, 32))).contains(id("b"));
    assertThat(hosts.closest(need(17, 32))).isEmpty();
    assertThat(hosts.closest(needInZone("g", 16, 32))).isEmpty();
  }

  private static String picked(PlacementIndex hosts, PlacementRequest request) {
    assertThat(hosts.pick(request)).isInstanceOf(Placed.class).isEqualTo(hosts.scan(request));
    return ((Placed) hosts.pick(request)).host().value();
  }
}
