package io.podyard.controlplane.containergroup;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * How much of this process's work is giving groups their hosts right now: by requests whose callers
 * wait for it, and to groups that waited for capacity. What can be done later yields while it is
 * much.
 */
@Component
public final class BindingLoad {

  /** More than this at once is much: callers that wait for one another, not single ones. */
  static final int MOST_AT_EASE = 16;

  /** All that wait for one commit are done together: before the next come it is much still. */
  private static final long LINGER_NANOS = Duration.ofMillis(100).toNanos();

  private final LongSupplier nanoTime;
  private final AtomicInteger underWay = new AtomicInteger();
  private final LongAdder ended = new LongAdder();
  private volatile long heavyAt;

  @Autowired
  public BindingLoad() {
    this(System::nanoTime);
  }

  public BindingLoad(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.heavyAt = nanoTime.getAsLong() - LINGER_NANOS;
  }

  /** Somebody waits for groups to be given hosts; {@link #end} has to follow. */
  public void begin() {
    if (underWay.incrementAndGet() > MOST_AT_EASE) {
      heavyAt = nanoTime.getAsLong();
    }
  }

  /** So many groups have a host, or have none for now. */
  public void end(int groups) {
    if (underWay.getAndDecrement() > MOST_AT_EASE) {
      heavyAt = nanoTime.getAsLong();
    }
    ended.add(groups);
  }

  /** Whether it is much, or was just now. */
  public boolean isHeavy() {
    return underWay.get() > MOST_AT_EASE || nanoTime.getAsLong() - heavyAt < LINGER_NANOS;
  }

  /** How many groups this was done for since the start of the process. */
  public long ended() {
    return ended.sum();
  }
}
