package io.podyard.controlplane.containergroup;

/**
 * The image cache that a group starts from.
 *
 * @param snapshotId what the cache was then
 * @param bytes of the group's images that it has
 * @param sizeGib of the disk that the group got from it; 0 in records that were written before it
 *     was kept
 */
public record ImageCacheUse(String imageCacheId, String snapshotId, long bytes, int sizeGib) {}
