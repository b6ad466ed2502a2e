package io.podyard.scheduler;

import io.podyard.model.Size;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up an {@link Explanation} host by host, in host id order. */
final class ExplanationTally {

  private final PlacementRequest request;
  private final int needCpu;
  private final int needMemory;
  private final Map<RuledOut, Integer> ruledOut = new EnumMap<>(RuledOut.class);
  private int lookedAt;
  private int fitting;
  private boolean couldEverFit;
  private Size largestAllocatable = Size.ZERO;
  private Size largestFree = Size.ZERO;
  private Size missing;

  ExplanationTally(PlacementRequest request) {
    this.request = request;
    this.needCpu = request.size().cpu().value();
    this.needMemory = request.size().memory().value();
    this.missing = request.size();
  }

  /** Counts one host: why it is ruled out (null if it fits), what it has free and what in all. */
  void look(@Nullable RuledOut reason, int freeCpu, int freeMemory, int cpu, int memory) {
    lookedAt++;
    if (reason != RuledOut.WRONG_ZONE && reason != RuledOut.OTHER_HOST) {
      // Hosts get ready and groups end, but neither hosts nor disks move.
      couldEverFit |= cpu >= needCpu && memory >= needMemory;
      if (Capacity.of(cpu, memory) > Capacity.of(largestAllocatable)) {
        largestAllocatable = Size.of(cpu, memory);
      }
    }
    if (reason == null) {
      fitting++;
    } else {
      ruledOut.merge(reason, 1, Integer::sum);
    }
    if (reason != RuledOut.WRONG_ZONE
        && reason != RuledOut.OTHER_HOST
        && reason != RuledOut.NOT_READY) {
      compareFree(freeCpu, freeMemory);
    }
  }

  private void compareFree(int freeCpu, int freeMemory) {
    if (Capacity.of(freeCpu, freeMemory) > Capacity.of(largestFree)) {
      largestFree = Size.of(freeCpu, freeMemory);
    }
    int cpuMissing = Math.max(0, needCpu - freeCpu);
    int memoryMissing = Math.max(0, needMemory - freeMemory);
    if (Capacity.of(cpuMissing, memoryMissing) < Capacity.of(missing)) {
      missing = Size.of(cpuMissing, memoryMissing);
    }
  }

  Explanation explanation() {
    return new Explanation(
        request,
        lookedAt,
        fitting,
        ruledOut,
        largestAllocatable,
        largestFree,
        missing,
        couldEverFit);
  }
}
