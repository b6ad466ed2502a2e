package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import io.podyard.scheduler.PlacementRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreferredHostsTest {

  private static final int ALL = PlacementRequest.ALL_IMAGES;
  private static final HostId A = new HostId("a");
  private static final HostId B = new HostId("b");
  private static final HostId C = new HostId("c");

  @Test
  void imagesAloneCountAsTheyAre() {
    Map<HostId, Integer> images = Map.of(A, ALL, B, 1);
    assertThat(PreferredHosts.of(List.of(), images)).isEqualTo(images);
    assertThat(PreferredHosts.of(List.of(Set.of()), images)).isEqualTo(images);
    assertThat(PreferredHosts.of(List.of(), Map.of())).isEmpty();
  }

  @Test
  void whatIsHeldOfImagesInOneWayOrTheOtherCountsOnce() {
    assertThat(PreferredHosts.more(Map.of(A, 5, B, 1), Map.of(B, 3, C, 2)))
        .isEqualTo(Map.of(A, 5, B, 3, C, 2));
    assertThat(PreferredHosts.more(Map.of(), Map.of(C, 2))).isEqualTo(Map.of(C, 2));
    assertThat(PreferredHosts.more(Map.of(A, 5), Map.of())).isEqualTo(Map.of(A, 5));
  }

  @Test
  void dataAloneCountsByHowManyOfItsCachesAreThere() {
    assertThat(PreferredHosts.of(List.of(Set.of(A, B), Set.of(A)), Map.of()))
        .isEqualTo(Map.of(A, ALL, B, ALL / 2));
  }

  @Test
  void dataCountsMoreThanImages() {
    Map<HostId, Integer> hosts =
        PreferredHosts.of(List.of(Set.of(A, B)), Map.of(A, ALL, C, ALL, new HostId("d"), 1));

    assertThat(hosts.get(A)).isBetween(ALL - 1, ALL);
    assertThat(hosts.get(B)).isEqualTo(666_666);
    assertThat(hosts.get(C)).isEqualTo(333_333);
    assertThat(hosts.get(new HostId("d"))).isEqualTo(1);
  }
}
