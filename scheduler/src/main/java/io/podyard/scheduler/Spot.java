package io.podyard.scheduler;

/**
 * A host that has room, as it is and as it would be with the request: what {@link ScorePart}s look
 * at. One object is filled again and again, so that looking allocates nothing.
 */
final class Spot {

  RequestMix mix = RequestMix.UNKNOWN;
  Fragments fragments = new Fragments(RequestMix.UNKNOWN);

  /** What is allocatable; a disk of 0 is not counted. */
  int cpu;

  int memory;
  int disk;
  int gpuCount;

  /** What is free. */
  int freeCpu;

  int freeMemory;
  int freeGpu;

  /** What would be left. */
  int cpuLeft;

  int memoryLeft;
  int diskLeft;
  int gpuLeft;

  boolean imagesThere;

  /** Where the free thousandths of the host's devices stand in an array of those of all hosts. */
  int[] gpus = {};

  int gpusAt;

  /** The devices to be taken, and how much of each. */
  long devices;

  int milliEach;

  /** Which of the models that the mix speaks of. */
  int gpuModel;

  /** What is free now of a device. */
  int free(int device) {
    return gpus[gpusAt + device];
  }

  /** What would be left of a device. */
  int left(int device) {
    return free(device) - ((devices >>> device & 1) == 1 ? milliEach : 0);
  }

  /** {@link Fragments#sharesNow} of the host. */
  int[] sharesNow = {};

  /** What typical requests can not use of what is free. */
  long fragmentsNow;

  long strandedGpuNow;
  long strandedSizeNow;

  /** What they could not use of what would be left. */
  long fragmentsLeft() {
    return fragments.left(this);
  }
}
