package io.podyard.controlplane.account;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock and a ticker that stand still until the test moves them. */
public final class SteppedTime extends Clock {

  private final Instant start;
  private volatile Instant now;

  public SteppedTime(Instant start) {
    this.start = start;
    this.now = start;
  }

  public void advance(Duration time) {
    now = now.plus(time);
  }

  public Ticker ticker() {
    return () -> Duration.between(start, now).toNanos();
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
