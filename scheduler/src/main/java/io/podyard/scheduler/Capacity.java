package io.podyard.scheduler;

import io.podyard.model.Size;

/**
 * vCPU, memory and GPUs as one number, so that two hosts can be compared when neither has more of
 * all. One vCPU weighs as much as 4 GiB, the ratio of the common general-purpose host, and one GPU
 * as much as 64 vCPU: what is left of GPUs comes first, what is left beside them second. Whole
 * numbers, so that equal capacities are equal on every machine.
 */
final class Capacity {

  static final long PER_MILLI_VCPU = 4 * 1024;
  static final long PER_MIB = 1000;
  static final long PER_MILLI_GPU = 64 * PER_MILLI_VCPU;

  private Capacity() {}

  static long of(int milliCpu, int mib) {
    return milliCpu * PER_MILLI_VCPU + mib * PER_MIB;
  }

  static long of(int milliCpu, int mib, int milliGpu) {
    return milliCpu * PER_MILLI_VCPU + mib * PER_MIB + milliGpu * PER_MILLI_GPU;
  }

  static long of(Size size) {
    return of(size.cpu().value(), size.memory().value());
  }
}
