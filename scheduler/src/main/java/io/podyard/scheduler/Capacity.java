package io.podyard.scheduler;

import io.podyard.model.Size;

/**
 * Both dimensions of a size as one number, so that two sizes can be compared when neither fits in
 * the other. One vCPU weighs as much as 4 GiB, the ratio of the common general-purpose host; whole
 * numbers, so that equal capacities are equal on every machine.
 */
final class Capacity {

  private static final long PER_MILLI_VCPU = 4 * 1024;
  private static final long PER_MIB = 1000;

  private Capacity() {}

  static long of(int milliCpu, int mib) {
    return milliCpu * PER_MILLI_VCPU + mib * PER_MIB;
  }

  static long of(Size size) {
    return of(size.cpu().value(), size.memory().value());
  }
}
