package io.podyard.runtime.pod;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that stands still between two steps. */
final class SteppedClock implements InstantSource {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  void advanceTo(Instant at) {
    if (at.isAfter(now)) {
      now = at;
    }
  }
}
