package io.podyard.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.scheduler.PlacementPolicy;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The quality of placement does not get worse unseen: the means that {@code docs/benchmarks.md} has
 * goals for. {@code bench/run trace} tells all of the figures.
 */
class TraceQualityTest {

  /** The goals are for the means of so many orders of arrival. */
  private static final int SEEDS = 10;

  private final OpenbTrace trace = OpenbTrace.published();

  @Test
  void theTraceIsWhole() {
    assertThat(trace.hosts()).hasSize(1213);
    assertThat(trace.requests()).hasSize(8152);
    assertThat(trace.gpuMilli()).isEqualTo(6_212_000);
  }

  @Test
  void theFragmentationAwarePolicyAllocatesMoreThanWasPublished() {
    List<GpuAllocation> runs = allocations(PlacementPolicy.FRAGMENTATION_AWARE);

    assertThat(mean(runs, GpuAllocation::atCapacity)).isGreaterThan(95.6);
    assertThat(mean(runs, GpuAllocation::atEnd)).isGreaterThan(95.7);
  }

  @Test
  void bestFitAllocatesAsMuchAsWasPublished() {
    assertThat(mean(allocations(PlacementPolicy.BEST_FIT), GpuAllocation::atEnd))
        .isGreaterThan(93.1);
  }

  @Test
  void hostsArePackedAlmostWithoutGaps() {
    List<Packing> runs = ofEachSeed(seed -> Packing.of(trace, PlacementPolicy.BEST_FIT, seed));

    assertThat(mean(runs, Packing::excessPercent)).isBetween(0.0, 1.9);
    assertThat(runs).allSatisfy(packing -> assertThat(packing.excessPercent()).isBetween(0.0, 2.0));
    for (long seed = 0; seed < 2; seed++) {
      assertThat(Packing.of(trace, PlacementPolicy.FRAGMENTATION_AWARE, seed).excessPercent())
          .isBetween(0.0, 2.0);
    }
  }

  private List<GpuAllocation> allocations(PlacementPolicy policy) {
    return ofEachSeed(seed -> GpuAllocation.of(trace, policy, seed));
  }

  private static <T> List<T> ofEachSeed(LongFunction<T> run) {
    return LongStream.range(0, SEEDS).mapToObj(run).toList();
  }

  private static <T> double mean(List<T> runs, ToDoubleFunction<T> figure) {
    return runs.stream().mapToDouble(figure).average().orElseThrow();
  }
}
