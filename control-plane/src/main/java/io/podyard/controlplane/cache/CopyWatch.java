package io.podyard.controlplane.cache;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Notes how far a host is with a copy, and interrupts the thread that waits for it, which is the
 * one that tells, when nobody wants the copy any more.
 */
public final class CopyWatch {

  private static final Duration BETWEEN_NOTES = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(CopyWatch.class);

  private final CopyTable copies;
  private final CacheCopy copy;
  private final long epoch;
  private long notedAt = System.nanoTime() - BETWEEN_NOTES.toNanos();
  private long fetched;
  private boolean unwanted;

  public CopyWatch(CopyTable copies, CacheCopy copy, long epoch) {
    this.copies = copies;
    this.copy = copy;
    this.epoch = epoch;
  }

  /**
   * Hears how far it is.
   *
   * @param fetched what came from where the content is from, and not from another host
   */
  public void at(long bytes, long totalBytes, long fetched) {
    this.fetched = fetched;
    long now = System.nanoTime();
    if (now - notedAt < BETWEEN_NOTES.toNanos()) {
      return;
    }
    notedAt = now;
    try {
      if (!copies.progress(copy, bytes, totalBytes, fetched, epoch)) {
        unwanted = true;
        Thread.currentThread().interrupt();
      }
    } catch (DataAccessException e) {
      log.debug("how far {} is was not noted: {}", copy.id(), e.getMessage());
    }
  }

  /** To be called when nothing is waited for any more: an interruption of its own ends here. */
  public void over() {
    if (unwanted) {
      boolean _ = Thread.interrupted();
    }
  }

  /** What came from where the content is from, as far as was told. */
  public long fetched() {
    return fetched;
  }

  public boolean isUnwanted() {
    return unwanted;
  }
}
