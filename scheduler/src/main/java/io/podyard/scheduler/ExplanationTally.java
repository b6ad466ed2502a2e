package io.podyard.scheduler;

import io.podyard.model.Size;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up an {@link Explanation} host by host, in host id order. */
final class ExplanationTally {

  private final PlacementRequest request;
  private final Room wanted;
  private final Map<RuledOut, Integer> ruledOut = new EnumMap<>(RuledOut.class);
  private int lookedAt;
  private int fitting;
  private boolean couldEverFit;
  private Room largest = Room.NONE;
  private Room mostFree = Room.NONE;
  private Room missing;

  ExplanationTally(PlacementRequest request) {
    this.request = request;
    this.wanted = Room.wanted(request);
    this.missing = wanted;
  }

  /** Counts one host: why it is ruled out, null if it fits. */
  void look(@Nullable RuledOut reason, HostRows rows, int row) {
    lookedAt++;
    if (reason == null) {
      fitting++;
    } else {
      ruledOut.merge(reason, 1, Integer::sum);
    }
    if (reason != null && reason.isForGood()) {
      return;
    }
    // Hosts get ready and groups end, but neither hosts nor disks move.
    Room all =
        new Room(
            Size.of(rows.cpu(row), rows.memory(row)),
            rows.disk(row) == 0 ? Integer.MAX_VALUE : rows.disk(row),
            rows.gpuCount(row),
            rows.gpuCount(row) == 0 ? 0 : GpuRequest.WHOLE);
    couldEverFit |= wanted.lackingIn(all).equals(Room.NONE);
    if (all.weight(request) > largest.weight(request)) {
      largest = all;
    }
    if (reason != RuledOut.NOT_READY) {
      compareFree(
          new Room(
              Size.of(rows.freeCpu(row), rows.freeMemory(row)),
              rows.freeDisk(row),
              rows.wholeGpus(row),
              rows.freestGpu(row)));
    }
  }

  private void compareFree(Room free) {
    if (free.weight(request) > mostFree.weight(request)) {
      mostFree = free;
    }
    Room lacking = wanted.lackingIn(free);
    if (lacking.weight(request) < missing.weight(request)) {
      missing = lacking;
    }
  }

  Explanation explanation(List<Candidate> best) {
    return new Explanation(
        request, lookedAt, fitting, ruledOut, largest, mostFree, missing, couldEverFit, best);
  }
}
