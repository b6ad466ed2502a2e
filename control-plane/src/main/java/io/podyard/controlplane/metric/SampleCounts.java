package io.podyard.controlplane.metric;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** How many samples this process took and missed since it began. */
@Component
public class SampleCounts {

  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();

  /** Samples that were written. */
  public long taken() {
    return taken.get();
  }

  /** Samples of running groups that could not be taken or written. */
  public long missed() {
    return missed.get();
  }

  void addTaken(long samples) {
    taken.addAndGet(samples);
  }

  void addMissed(long samples) {
    missed.addAndGet(samples);
  }
}
