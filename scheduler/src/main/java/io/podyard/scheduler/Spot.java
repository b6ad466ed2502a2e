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

  /** How much of the images is there, {@link PlacementRequest#imageHosts} of them. */
  int imagesThere;

  /** Where the free thousandths of the host's devices stand in an array of those of all hosts. */
  int[] gpus = {};

  int gpusAt;

  /** The devices to be taken, and how much of each. */
  long devices;

  int milliEach;

  /** Which of the models that the mix speaks of. */
  int gpuModel;

  /** What would be left of a device if these were taken. */
  int left(int device, long taken) {
    return gpus[gpusAt + device] - ((taken >>> device & 1) == 1 ? milliEach : 0);
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
