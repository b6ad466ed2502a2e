package io.podyard.scheduler;

import static io.podyard.scheduler.Hosts.host;
import static io.podyard.scheduler.Hosts.id;
import static io.podyard.scheduler.Hosts.index;
import static io.podyard.scheduler.Hosts.need;
import static io.podyard.scheduler.Hosts.notReady;
import static io.podyard.scheduler.Hosts.reserved;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts that whoever places drives as well. */
class NearHostTest {

  @ParameterizedTest
  @EnumSource
  void nearHostsAreFilledFirstAndTheOthersWhenNoneOfThemHasRoom(PlacementPolicy policy) {
    PlacementIndex hosts =
        Hosts.fill(
            new PlacementIndex(policy),
            reserved(host("a", 8, 16), 6, 12),
            host("b", 8, 16).withNear(true),
            host("c", 8, 16));

    assertThat(picked(hosts, need(2, 4))).isEqualTo("b");
    assertThat(hosts.reserve(id("b"), need(7, 4).size())).isTrue();
    assertThat(picked(hosts, need(2, 4))).isIn("a", "c");
    hosts.put(notReady(host("b", 8, 16)).withNear(true));
    assertThat(picked(hosts, need(2, 4))).isIn("a", "c");
  }

  @Test
  void aHostThatIsNotNearAnyMoreIsOneOfTheOthers() {
    PlacementIndex hosts =
        index(reserved(host("a", 8, 16), 6, 12), host("b", 8, 16).withNear(true));
    assertThat(picked(hosts, need(2, 4))).isEqualTo("b");

    hosts.put(host("b", 8, 16));
    assertThat(picked(hosts, need(2, 4))).isEqualTo("a");
    hosts.put(reserved(host("a", 8, 16), 6, 12).withNear(true));
    hosts.put(host("b", 8, 16).withNear(true));
    assertThat(picked(hosts, need(2, 4))).isEqualTo("a");
  }

  @Test
  void hostsWithTheImagesAreComparedWithNearOnesWhereverTheyAre() {
    PlacementIndex hosts =
        index(
            reserved(host("a", 96, 384), 88, 352),
            reserved(host("b", 96, 384), 86, 344).withNear(true),
            host("c", 96, 384));

    assertThat(picked(hosts, need(2, 8))).isEqualTo("b");
    assertThat(picked(hosts, need(2, 8).withImagesOn(all("a")))).isEqualTo("a");
    assertThat(picked(hosts, need(2, 8).withImagesOn(all("b")))).isEqualTo("b");
    assertThat(picked(hosts, need(2, 8).withImagesOn(all("c")))).isEqualTo("b");
    assertThat(picked(hosts, need(2, 8).withImagesOn(Map.of(id("a"), 500_000)))).isEqualTo("a");
    assertThat(picked(hosts, need(2, 8).withImagesOn(Map.of(id("a"), 499_999))))
        .as("less than half counts for little")
        .isEqualTo("b");
    // With no room on the near one, they are compared with those that are left.
    hosts.put(reserved(host("b", 96, 384), 96, 344).withNear(true));
    assertThat(picked(hosts, need(2, 8).withImagesOn(all("c")))).isEqualTo("a");
    hosts.put(reserved(host("c", 96, 384), 90, 360));
    assertThat(picked(hosts, need(2, 8))).isEqualTo("c");
    assertThat(picked(hosts, need(2, 8).withImagesOn(all("a")))).isEqualTo("a");
  }

  @Test
  void anExplanationNamesNearHostsFirst() {
    PlacementIndex hosts =
        index(
            reserved(host("a", 8, 16), 6, 12),
            host("b", 8, 16).withNear(true),
            reserved(host("c", 8, 16), 2, 4).withNear(true));

    assertThat(hosts.explain(need(2, 4)).best().stream().map(Candidate::host).map(HostId::value))
        .isEqualTo(List.of("c", "b", "a"));
  }

  private static Map<HostId, Integer> all(String host) {
    return Map.of(id(host), PlacementRequest.ALL_IMAGES);
  }

  private static String picked(PlacementIndex hosts, PlacementRequest request) {
    assertThat(hosts.scan(request)).isEqualTo(hosts.pick(request));
    return ((Placed) hosts.pick(request)).host().value();
  }
}
