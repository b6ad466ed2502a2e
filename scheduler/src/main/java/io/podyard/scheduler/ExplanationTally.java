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
  private final int[] ruledOut = new int[RuledOut.values().length];
  private int lookedAt;
  private int fitting;
  private boolean couldEverFit;
  private Room largest = Room.NONE;
  private Room mostFree = Room.NONE;
  private Room missing;
  private long largestWeight;
  private long mostFreeWeight;
  private long missingWeight;

  ExplanationTally(PlacementRequest request) {
    this.request = request;
    this.wanted = Room.wanted(request);
    this.missing = wanted;
    this.missingWeight = lacks(0, 0, 0, 0, 0);
  }

  /** Counts one host: why it is ruled out, null if it fits. */
  void look(@Nullable RuledOut reason, HostRows rows, int row) {
    lookedAt++;
    if (reason == null) {
      fitting++;
    } else {
      ruledOut[reason.ordinal()]++;
    }
    if (reason != null && reason.isForGood()) {
      return;
    }
    // Hosts get ready and groups end, but neither hosts nor disks move.
    couldEverFit |= fitsWhenEmpty(rows, row);
    int disk = rows.disk(row) == 0 ? Integer.MAX_VALUE : rows.disk(row);
    int gpus = rows.gpuCount(row);
    int gpuMilli = gpus == 0 ? 0 : GpuRequest.WHOLE;
    long all = weight(rows.cpu(row), rows.memory(row), disk, gpus, gpuMilli);
    if (all > largestWeight) {
      largestWeight = all;
      largest = new Room(Size.of(rows.cpu(row), rows.memory(row)), disk, gpus, gpuMilli);
    }
    if (reason == null || !reason.isAside()) {
      compareFree(
          rows.freeCpu(row),
          rows.freeMemory(row),
          rows.freeDisk(row),
          rows.wholeGpus(row),
          rows.freestGpu(row));
    }
  }

  /** Whether a host could take the request if nothing were on it. */
  boolean fitsWhenEmpty(HostRows rows, int row) {
    int disk = rows.disk(row) == 0 ? Integer.MAX_VALUE : rows.disk(row);
    int gpus = rows.gpuCount(row);
    return lacks(rows.cpu(row), rows.memory(row), disk, gpus, gpus == 0 ? 0 : GpuRequest.WHOLE)
        == 0;
  }

  /** The weight of what a host lacks now. */
  long lacks(HostRows rows, int row) {
    return lacks(
        rows.freeCpu(row),
        rows.freeMemory(row),
        rows.freeDisk(row),
        rows.wholeGpus(row),
        rows.freestGpu(row));
  }

  private void compareFree(int cpu, int memory, int disk, int gpus, int gpuMilli) {
    long free = weight(cpu, memory, disk, gpus, gpuMilli);
    if (free > mostFreeWeight) {
      mostFreeWeight = free;
      mostFree = new Room(Size.of(cpu, memory), disk, gpus, gpuMilli);
    }
    long lacks = lacks(cpu, memory, disk, gpus, gpuMilli);
    if (lacks < missingWeight) {
      missingWeight = lacks;
      missing = wanted.lackingIn(new Room(Size.of(cpu, memory), disk, gpus, gpuMilli));
    }
  }

  /** The weight of what is missing where there is so much. */
  private long lacks(int cpu, int memory, int disk, int gpus, int gpuMilli) {
    return weight(
        Math.max(0, wanted.size().cpu().value() - cpu),
        Math.max(0, wanted.size().memory().value() - memory),
        Math.max(0, wanted.diskMib() - disk),
        Math.max(0, wanted.gpus() - gpus),
        Math.max(0, wanted.gpuMilli() - gpuMilli));
  }

  /** How much it is of what is asked for; a GiB of disk counts as one of memory. */
  private long weight(int cpu, int memory, int disk, int gpus, int gpuMilli) {
    long ofDisk = wanted.diskMib() == 0 ? 0 : disk * Capacity.PER_MIB;
    int milli =
        (wanted.gpus() == 0 ? 0 : gpus * GpuRequest.WHOLE)
            + (wanted.gpuMilli() == 0 ? 0 : gpuMilli);
    return Capacity.of(cpu, memory, milli) + ofDisk;
  }

  Explanation explanation(List<Candidate> best) {
    Map<RuledOut, Integer> counts = new EnumMap<>(RuledOut.class);
    for (RuledOut reason : RuledOut.values()) {
      if (ruledOut[reason.ordinal()] > 0) {
        counts.put(reason, ruledOut[reason.ordinal()]);
      }
    }
    return new Explanation(
        request, lookedAt, fitting, counts, largest, mostFree, missing, couldEverFit, best);
  }
}
