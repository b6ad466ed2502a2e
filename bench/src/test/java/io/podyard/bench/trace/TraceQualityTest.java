package io.podyard.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.scheduler.PlacementPolicy;
import org.junit.jupiter.api.Test;

/** The quality of placement does not get worse unseen; {@code bench/run trace} is the full form. */
class TraceQualityTest {

  private final OpenbTrace trace = OpenbTrace.published();

  @Test
  void theTraceIsWhole() {
    assertThat(trace.hosts()).hasSize(1213);
    assertThat(trace.requests()).hasSize(8152);
    assertThat(trace.gpuMilli()).isEqualTo(6_212_000);
  }

  @Test
  void theFragmentationAwarePolicyAllocatesMoreThanWasPublished() {
    GpuAllocation run = GpuAllocation.of(trace, PlacementPolicy.FRAGMENTATION_AWARE, 0);

    assertThat(run.atCapacity()).isGreaterThan(95.6);
    assertThat(run.atEnd()).isGreaterThan(95.7);
  }

  @Test
  void bestFitAllocatesAsMuchAsWasPublished() {
    GpuAllocation run = GpuAllocation.of(trace, PlacementPolicy.BEST_FIT, 0);

    assertThat(run.atEnd()).isGreaterThan(93.1);
  }

  @Test
  void hostsArePackedAlmostWithoutGaps() {
    for (long seed = 0; seed < 2; seed++) {
      assertThat(Packing.of(trace, PlacementPolicy.BEST_FIT, seed).excessPercent())
          .isBetween(0.0, 2.0);
      assertThat(Packing.of(trace, PlacementPolicy.FRAGMENTATION_AWARE, seed).excessPercent())
          .isBetween(0.0, 2.0);
    }
  }
}
