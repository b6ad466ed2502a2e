package io.podyard.controlplane.containergroup;

/**
 * The image cache that a group starts from.
 *
 * @param snapshotId what the cache was then
 * @param bytes of the group's images that it has
 * @param sizeGib of the disk that the group got from it; 0 in records that were written before it
 *     was kept
 * @param fetchMillis how long fetching {@code fetchedBytes} took when the cache was made
 */
public record ImageCacheUse(
    String imageCacheId,
    String snapshotId,
    long bytes,
    int sizeGib,
    long fetchMillis,
    long fetchedBytes) {

  /** What fetching so many bytes would have taken, by what it took when the cache was made. */
  public long millisFor(long some) {
    return fetchedBytes == 0 ? 0 : Math.round((double) fetchMillis * some / fetchedBytes);
  }
}
