package io.podyard.controlplane.containergroup;

import org.jspecify.annotations.Nullable;

/**
 * How a disk of a group was asked for.
 *
 * @param flex whether as a FlexVolume, else as a DiskVolume
 * @param existing whether by its id, else by the size of a new one
 * @param deleteWithGroup whether it is removed once the group is gone
 * @param performanceLevel nothing depends on it
 */
record KeptDisk(
    boolean flex, boolean existing, boolean deleteWithGroup, @Nullable String performanceLevel) {}
