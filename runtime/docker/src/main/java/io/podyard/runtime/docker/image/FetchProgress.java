package io.podyard.runtime.docker.image;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of one fetch, counted by several threads. */
final class FetchProgress {

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong registryBytes = new AtomicLong();
  private volatile long total;

  void expect(long bytesInAll) {
    total = bytesInAll;
  }

  /** Negative when what came was of no use. */
  void add(long more) {
    bytes.addAndGet(more);
  }

  /** Counts what a registry sent, whatever becomes of it. */
  void sent(long more) {
    registryBytes.addAndGet(more);
  }

  /** All of it is there, however that came. */
  void there(long all) {
    total = all;
    bytes.set(all);
  }

  long registryBytes() {
    return registryBytes.get();
  }

  long bytes() {
    return bytes.get();
  }

  /** 0 while unknown. */
  long total() {
    return total;
  }
}
