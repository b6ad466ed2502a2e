package io.podyard.runtime;

/** Hears how far a copy is, now and then and from the thread that asked for it. */
@FunctionalInterface
public interface CopyProgress {

  /** Nobody wants to know. */
  CopyProgress NONE = (_, _, _) -> {};

  /**
   * @param bytes that are on the host
   * @param totalBytes of all images, 0 while unknown
   * @param bytesFromRegistry that had to be asked of registries; the rest was kept already
   */
  void at(long bytes, long totalBytes, long bytesFromRegistry);
}
