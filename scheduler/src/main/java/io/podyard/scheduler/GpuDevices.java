package io.podyard.scheduler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The GPUs of a host, numbered from 0.
 *
 * @param reservedMilli what is reserved of each, thousandths, 0 to 1000
 */
public record GpuDevices(List<Integer> reservedMilli) {

  public static final GpuDevices NONE = new GpuDevices(List.of());

  /**
   * @throws IllegalArgumentException if there are more than {@link GpuRequest#MOST}, or more of one
   *     is reserved than there is
   */
  public GpuDevices {
    reservedMilli = List.copyOf(reservedMilli);
    if (reservedMilli.size() > GpuRequest.MOST
        || reservedMilli.stream().anyMatch(milli -> milli < 0 || milli > GpuRequest.WHOLE)) {
      throw new IllegalArgumentException("a host cannot have GPUs reserved like " + reservedMilli);
    }
  }

  /** So many that nobody uses. */
  public static GpuDevices free(int count) {
    return count == 0 ? NONE : new GpuDevices(Collections.nCopies(count, 0));
  }

  public int count() {
    return reservedMilli.size();
  }

  /** These with so much more reserved of each of the devices of a set of bits. */
  GpuDevices plus(long devices, int milliEach) {
    List<Integer> then = new ArrayList<>(reservedMilli);
    for (int device = 0; device < then.size(); device++) {
      if ((devices >>> device & 1) == 1) {
        then.set(device, then.get(device) + milliEach);
      }
    }
    return new GpuDevices(then);
  }
}
