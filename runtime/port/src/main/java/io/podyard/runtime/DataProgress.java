package io.podyard.runtime;

/** Hears how far a copy of data is, now and then and from the thread that asked for it. */
@FunctionalInterface
public interface DataProgress {

  /** Nobody wants to know. */
  DataProgress NONE = (_, _, _) -> {};

  /**
   * @param bytesRead from the source; 0 if it is kept already
   * @param bytesOnHost that came to the host
   * @param totalBytes of all files, 0 while unknown
   */
  void at(long bytesRead, long bytesOnHost, long totalBytes);
}
