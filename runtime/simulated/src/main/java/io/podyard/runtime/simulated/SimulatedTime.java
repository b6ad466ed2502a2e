package io.podyard.runtime.simulated;

import java.time.Duration;
import java.time.InstantSource;

/** The time simulated hosts live in, and the one timer for all that happens later on them. */
public interface SimulatedTime extends InstantSource {

  /** Runs a short task once, after the delay, on the timer's thread. */
  void after(Duration delay, Runnable task);
}
