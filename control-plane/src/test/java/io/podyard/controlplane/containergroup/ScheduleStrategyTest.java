package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleStrategyTest {

  private static final List<String> THREE = List.of("a", "b", "c");

  @Test
  void orderedKeepsTheOrder() {
    assertThat(IntStream.range(0, 100))
        .allSatisfy(
            seed -> assertThat(ScheduleStrategy.ORDERED.order(THREE, seed)).isEqualTo(THREE));
  }

  @Test
  void atRandomEachIsFirstAboutEquallyOftenAndTheSameSeedGivesTheSameOrder() {
    TreeMap<String, Integer> first = new TreeMap<>();
    for (int i = 0; i < 900; i++) {
      // As the ids of a batch are: all alike but for the end.
      long seed = ScheduleStrategy.seed(new ContainerGroupId("eci-2ze0000000000%07d".formatted(i)));
      List<String> order = ScheduleStrategy.RANDOM.order(THREE, seed);
      assertThat(order).containsExactlyInAnyOrderElementsOf(THREE);
      assertThat(ScheduleStrategy.RANDOM.order(THREE, seed)).isEqualTo(order);
      first.merge(order.getFirst(), 1, Integer::sum);
    }
    assertThat(first).hasSize(3).allSatisfy((_, times) -> assertThat(times).isBetween(220, 380));
  }
}
