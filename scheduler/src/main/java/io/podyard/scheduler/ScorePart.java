package io.podyard.scheduler;

/**
 * One consideration in the choice of a host. It looks at what the host would have left and gives a
 * whole number, the lower the better. Its {@link #term} is what other schedulers call the same.
 */
public enum ScorePart {
  /** The {@link Capacity} left over: the less, the better the fit. */
  LEFT_OVER("MostAllocated"),

  /** The share in use of the dimension that will be scarcest, in millionths. */
  IN_USE("LeastAllocated"),

  /**
   * By how much the GPU grows that a typical request could not use here, see {@link Fragments}, in
   * 65,536ths of a thousandth of a GPU.
   */
  GPU_FRAGMENTS("GpuFragmentation"),

  /**
   * By how much the GPU grows that all typical requests together could not use here, since the vCPU
   * or memory that they have with it is gone; in 65,536ths of a thousandth of a GPU.
   */
  GPU_STRANDED("GpuStranding"),

  /** By how much the {@link Capacity} grows of vCPU without its typical memory, or the reverse. */
  SIZE_STRANDED("BalancedAllocation"),

  /**
   * What the host has of the images, in millionths of their bytes, below nothing; weighed by {@link
   * PlacementPolicy#imageBonus}.
   */
  IMAGES_THERE("ImageLocality");

  private final String term;

  ScorePart(String term) {
    this.term = term;
  }

  /** Its name for people, as in Kubernetes where that has the same. */
  public String term() {
    return term;
  }

  /** The part's number for a host that has room. */
  long of(Spot spot) {
    return switch (this) {
      case LEFT_OVER -> Capacity.of(spot.cpuLeft, spot.memoryLeft, spot.gpuLeft);
      case IN_USE -> scarcestInUse(spot);
      case GPU_FRAGMENTS -> spot.gpuCount == 0 ? 0 : spot.fragmentsLeft() - spot.fragmentsNow;
      case GPU_STRANDED ->
          spot.gpuCount == 0
              ? 0
              : spot.mix.strandedGpu(spot.cpuLeft, spot.memoryLeft, spot.gpuLeft)
                  - spot.strandedGpuNow;
      case SIZE_STRANDED ->
          spot.mix.strandedSize(spot.cpuLeft, spot.memoryLeft) - spot.strandedSizeNow;
      case IMAGES_THERE -> -spot.imagesThere;
    };
  }

  /** What the number is at least, whichever devices are taken; found with less work. */
  long atLeast(Spot spot) {
    return this == GPU_FRAGMENTS ? spot.fragments.growthAtLeast(spot) : of(spot);
  }

  private static long scarcestInUse(Spot spot) {
    long cpu = millionthsInUse(spot.cpuLeft, spot.cpu);
    long memory = millionthsInUse(spot.memoryLeft, spot.memory);
    long disk = millionthsInUse(spot.diskLeft, spot.disk);
    long gpus = millionthsInUse(spot.gpuLeft, spot.gpuCount * GpuRequest.WHOLE);
    return Math.max(Math.max(cpu, memory), Math.max(disk, gpus));
  }

  private static long millionthsInUse(int left, int all) {
    return all == 0 ? 0 : (all - left) * 1_000_000L / all;
  }
}
