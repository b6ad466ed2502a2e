package io.podyard.controlplane.imagecache;

import io.podyard.runtime.CopyProgress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Notes how far a host is with a copy, and interrupts the thread that waits for it, which is the
 * one that tells, when nobody wants the copy any more.
 */
final class CopyWatch implements CopyProgress {

  private static final Duration BETWEEN_NOTES = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(CopyWatch.class);

  private final CopyStore copies;
  private final CacheCopy copy;
  private final long epoch;
  private long notedAt = System.nanoTime() - BETWEEN_NOTES.toNanos();
  private long bytesFromRegistry;
  private boolean unwanted;

  CopyWatch(CopyStore copies, CacheCopy copy, long epoch) {
    this.copies = copies;
    this.copy = copy;
    this.epoch = epoch;
  }

  @Override
  public void at(long bytes, long totalBytes, long fromRegistry) {
    bytesFromRegistry = fromRegistry;
    long now = System.nanoTime();
    if (now - notedAt < BETWEEN_NOTES.toNanos()) {
      return;
    }
    notedAt = now;
    try {
      if (!copies.progress(copy, bytes, totalBytes, fromRegistry, epoch)) {
        unwanted = true;
        Thread.currentThread().interrupt();
      }
    } catch (DataAccessException e) {
      log.debug("how far {} is was not noted: {}", copy.id(), e.getMessage());
    }
  }

  /** To be called when nothing is waited for any more: an interruption of its own ends here. */
  void over() {
    if (unwanted) {
      boolean _ = Thread.interrupted();
    }
  }

  /** What registries had to send, as far as was told. */
  long bytesFromRegistry() {
    return bytesFromRegistry;
  }

  boolean isUnwanted() {
    return unwanted;
  }
}
