package io.podyard.controlplane.containergroup;

import org.jspecify.annotations.Nullable;

/**
 * A disk as a request speaks of it.
 *
 * @param flex whether as a FlexVolume, else as a DiskVolume
 * @param id of an existing disk
 * @param sizeGib of a new one
 * @param unread whether something that would say which disk is meant could not be read
 */
record DiskAsked(
    boolean flex,
    @Nullable String id,
    @Nullable Integer sizeGib,
    @Nullable Boolean deleteWithGroup,
    @Nullable String performanceLevel,
    boolean unread) {

  DiskAsked(
      boolean flex,
      @Nullable String id,
      @Nullable Integer sizeGib,
      @Nullable Boolean deleteWithGroup,
      @Nullable String performanceLevel) {
    this(flex, id, sizeGib, deleteWithGroup, performanceLevel, false);
  }

  /** The same, of which something could not be read. */
  DiskAsked notAllRead() {
    return new DiskAsked(flex, id, sizeGib, deleteWithGroup, performanceLevel, true);
  }

  KeptDisk kept() {
    return new KeptDisk(flex, id != null, Boolean.TRUE.equals(deleteWithGroup), performanceLevel);
  }
}
