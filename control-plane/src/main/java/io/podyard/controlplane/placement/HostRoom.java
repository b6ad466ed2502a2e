package io.podyard.controlplane.placement;

import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.Taken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is free on a host whose row is locked, less what is given away of it meanwhile. */
final class HostRoom {

  private Size free;
  private @Nullable Integer freeDiskMib;
  private final int[] gpuReservedMilli;

  /**
   * @param freeDiskMib null if nobody counts the host's disk
   * @param gpuReservedMilli what is held of each GPU, thousandths
   */
  HostRoom(Size free, @Nullable Integer freeDiskMib, List<Integer> gpuReservedMilli) {
    this.free = free;
    this.freeDiskMib = freeDiskMib;
    this.gpuReservedMilli = gpuReservedMilli.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Gives these devices and no others. False, and no change, if there is not that much. */
  boolean take(Taken taken) {
    Integer disk = freeDiskMib;
    if (!taken.size().fitsIn(free) || (disk != null && disk < taken.diskMib()) || !hasGpus(taken)) {
      return false;
    }
    free =
        Size.of(
            free.cpu().value() - taken.size().cpu().value(),
            free.memory().value() - taken.size().memory().value());
    freeDiskMib = disk == null ? null : Integer.valueOf(disk - taken.diskMib());
    for (long left = taken.gpuDevices(); left != 0; left &= left - 1) {
      gpuReservedMilli[Long.numberOfTrailingZeros(left)] += taken.gpuMilliEach();
    }
    return true;
  }

  private boolean hasGpus(Taken taken) {
    for (long left = taken.gpuDevices(); left != 0; left &= left - 1) {
      int device = Long.numberOfTrailingZeros(left);
      if (device >= gpuReservedMilli.length
          || gpuReservedMilli[device] + taken.gpuMilliEach() > GpuRequest.WHOLE) {
        return false;
      }
    }
    return true;
  }
}
