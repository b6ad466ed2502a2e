package io.podyard.controlplane.simulation;

import io.podyard.runtime.simulated.SteppedTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time of a simulation as a clock. */
final class SimulatedClock extends Clock {

  private final SteppedTime time;

  SimulatedClock(SteppedTime time) {
    this.time = time;
  }

  @Override
  public Instant instant() {
    return time.instant();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    // Nothing that is simulated has a zone but UTC.
    return this;
  }
}
