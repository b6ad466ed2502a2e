package io.podyard.scheduler;

import io.podyard.model.Size;

/**
 * What is held of one host, exactly.
 *
 * @param diskMib of its ephemeral disk, 0 or more
 * @param gpuDevices the GPUs it is on, the bit of a device's number set for each
 * @param gpuMilliEach thousandths of each of them, 0 if there are none
 */
public record Taken(Size size, int diskMib, long gpuDevices, int gpuMilliEach) {

  /**
   * @throws IllegalArgumentException if out of range, or if there are devices of which nothing is
   *     held
   */
  public Taken {
    if (diskMib < 0
        || gpuMilliEach < 0
        || gpuMilliEach > GpuRequest.WHOLE
        || (gpuDevices == 0) != (gpuMilliEach == 0)) {
      throw new IllegalArgumentException(
          "nobody can hold %s MiB of disk and %s thousandths of the GPUs %s"
              .formatted(diskMib, gpuMilliEach, Long.toBinaryString(gpuDevices)));
    }
  }

  /** Only vCPU and memory. */
  public static Taken of(Size size) {
    return new Taken(size, 0, 0, 0);
  }

  /** Thousandths of a GPU in all. */
  public int gpuMilli() {
    return Long.bitCount(gpuDevices) * gpuMilliEach;
  }
}
