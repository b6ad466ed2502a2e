package io.podyard.billing;

import io.podyard.model.Size;

/**
 * What a group, or another thing, is billed for while its meter runs.
 *
 * @param size what it has after it was raised to a supported size
 * @param gpuMilli thousandths of a GPU in all, 0 or more
 * @param tariff by which items it is charged
 * @param storageGib GiB that are billed, 0 or more: of a group its temporary storage beyond {@link
 *     #FREE_STORAGE_GIB}, of anything else what it takes
 */
public record Metered(Size size, int gpuMilli, Tariff tariff, int storageGib) {

  /** What every group has of temporary storage for nothing (contract section 18). */
  public static final int FREE_STORAGE_GIB = 30;

  /** The temporary group in which a cache is made (contract section 13). */
  private static final Size CACHE_MAKER = Size.of(2000, 4 * 1024);

  /** The group that a virtual node is billed as (contract section 16). */
  private static final Size VIRTUAL_NODE = Size.of(2000, 8 * 1024);

  /**
   * @throws IllegalArgumentException if the GPUs or the storage are negative
   */
  public Metered {
    if (gpuMilli < 0) {
      throw new IllegalArgumentException("nobody uses " + gpuMilli + " thousandths of a GPU");
    }
    if (storageGib < 0) {
      throw new IllegalArgumentException("nobody uses " + storageGib + " GiB of storage");
    }
  }

  /** Of a group with no more storage than is free. */
  public Metered(Size size, int gpuMilli, Tariff tariff) {
    this(size, gpuMilli, tariff, 0);
  }

  /** Of a group without GPUs that is charged by {@link Tariff#STANDARD}. */
  public static Metered of(Size size) {
    return new Metered(size, 0, Tariff.STANDARD);
  }

  /** The same with so many GiB of temporary storage in all, of which some are free. */
  public Metered withStorage(int gibInAll) {
    return new Metered(size, gpuMilli, tariff, beyondFree(gibInAll));
  }

  /** Of an image cache while it is made on a disk of so many GiB. */
  public static Metered imageCacheCreation(int gib) {
    return new Metered(CACHE_MAKER, 0, Tariff.IMAGE_CACHE_CREATION, gib);
  }

  /** Of an image cache of so many GiB that is kept. */
  public static Metered imageCacheStorage(int gib) {
    return storage(Tariff.IMAGE_CACHE_STORAGE, gib);
  }

  /** Of a disk of so many GiB in all that a group got from an image cache. */
  public static Metered imageCacheUse(int gibInAll) {
    return storage(Tariff.IMAGE_CACHE_USE, beyondFree(gibInAll));
  }

  /** Of a data cache while it is made on a disk of so many GiB. */
  public static Metered dataCacheCreation(int gib) {
    return new Metered(CACHE_MAKER, 0, Tariff.DATA_CACHE_CREATION, gib);
  }

  /** Of a data cache of so many GiB that is kept. */
  public static Metered dataCacheStorage(int gib) {
    return storage(Tariff.DATA_CACHE_STORAGE, gib);
  }

  /** Of a disk of so many GiB that a group got from a data cache. */
  public static Metered dataCacheUse(int gib) {
    return storage(Tariff.DATA_CACHE_USE, gib);
  }

  /** Of a persistent volume of so many GiB. */
  public static Metered volume(int gib) {
    return storage(Tariff.VOLUME, gib);
  }

  /** Of a virtual node. */
  public static Metered virtualNode() {
    return new Metered(VIRTUAL_NODE, 0, Tariff.VIRTUAL_NODE);
  }

  private static Metered storage(Tariff tariff, int gib) {
    return new Metered(Size.ZERO, 0, tariff, gib);
  }

  private static int beyondFree(int gibInAll) {
    return Math.max(0, gibInAll - FREE_STORAGE_GIB);
  }
}
