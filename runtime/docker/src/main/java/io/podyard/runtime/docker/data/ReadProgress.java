package io.podyard.runtime.docker.data;

/** Is told now and then how much was read. */
@FunctionalInterface
public interface ReadProgress {

  /**
   * @param totalBytes 0 while unknown
   */
  void at(long bytes, long totalBytes);
}
