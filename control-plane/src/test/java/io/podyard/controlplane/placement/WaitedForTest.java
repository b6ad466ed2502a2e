package io.podyard.controlplane.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.placement.WaitedFor.Wanted;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaitedForTest {

  private static final RegionId HERE = new RegionId("r");
  private static final RegionId ELSEWHERE = new RegionId("s");

  private final WaitedFor waited = new WaitedFor();

  private static PlacementRequest request(int milliCpu) {
    return PlacementRequest.anywhereIn(HERE, Size.of(milliCpu, 1_024));
  }

  private int compared(RegionId region, boolean spot) {
    AtomicInteger asked = new AtomicInteger();
    assertThat(
            waited.others(
                region,
                spot,
                request -> {
                  asked.incrementAndGet();
                  return false;
                }))
        .isFalse();
    return asked.get();
  }

  @Test
  void onlyThoseOfTheRegionThatComeBeforeAreCompared() {
    assertThat(compared(HERE, true)).isZero();
    waited.looked(List.of(new Wanted(request(1), false), new Wanted(request(2), true)));
    assertThat(compared(HERE, true)).isEqualTo(2);
    assertThat(compared(HERE, false)).isEqualTo(1);
    assertThat(compared(ELSEWHERE, true)).isZero();
    waited.looked(List.of());
    assertThat(compared(HERE, true)).isZero();
  }

  @Test
  void equalOnesAreOneAndOfManyTheFirstCountOneByOneAndTheOthersAsTheLeastOfThem() {
    waited.looked(
        IntStream.rangeClosed(1, 1_000)
            .mapToObj(
                cpu -> new Wanted(request(cpu).withImagesOn(Map.of(new HostId("h"), 1)), false))
            .toList());
    waited.joined(List.of(request(1), request(2_000)), false);
    assertThat(compared(HERE, false)).isEqualTo(WaitedFor.MOST + 1);
    assertThat(waited.others(HERE, false, request(1)::equals)).isTrue();
    assertThat(waited.others(HERE, false, request(WaitedFor.MOST + 1)::equals)).isTrue();
    assertThat(waited.others(HERE, false, request(2_000)::equals)).isFalse();
  }

  @Test
  void whoComesWhileOthersAreLookedAtIsNotForgotten() {
    waited.joined(List.of(request(1)), false);
    waited.looking();
    waited.joined(List.of(request(2)), false);
    assertThat(compared(HERE, false)).isEqualTo(2);
    waited.looked(List.of(new Wanted(request(3), false)));
    assertThat(waited.others(HERE, false, request(1)::equals)).isFalse();
    assertThat(waited.others(HERE, false, request(2)::equals)).isTrue();
    assertThat(waited.others(HERE, false, request(3)::equals)).isTrue();
  }
}
