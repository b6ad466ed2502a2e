package io.podyard.scheduler;

import org.jspecify.annotations.Nullable;

/** A request in whole numbers. One object is filled again and again. */
final class Need {

  int cpu;
  int memory;
  int disk;
  int gpuCount;
  int gpuMilliEach;

  void set(PlacementRequest request) {
    cpu = request.size().cpu().value();
    memory = request.size().memory().value();
    disk = request.diskMib();
    gpuCount = request.gpus().count();
    gpuMilliEach = request.gpus().milliEach();
  }

  /** Whether a host has room. */
  boolean fits(HostRows rows, int row) {
    return rows.freeCpu(row) >= cpu
        && rows.freeMemory(row) >= memory
        && rows.freeDisk(row) >= disk
        && gpusFit(rows, row);
  }

  /** Which room a host lacks; null if none. */
  @Nullable RuledOut lacking(HostRows rows, int row) {
    return RuledOut.room(
        rows.freeCpu(row) >= cpu,
        rows.freeMemory(row) >= memory,
        rows.freeDisk(row) >= disk,
        gpusFit(rows, row));
  }

  boolean sharesGpu() {
    return gpuCount == 1 && gpuMilliEach < GpuRequest.WHOLE;
  }

  private boolean gpusFit(HostRows rows, int row) {
    return sharesGpu() ? rows.freestGpu(row) >= gpuMilliEach : rows.wholeGpus(row) >= gpuCount;
  }
}
