package io.podyard.controlplane.wake;

import java.time.Duration;

/** How long to wait before the next attempt to connect: longer each time, up to a limit. */
final class Pauses {

  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private Duration next = FIRST;

  Duration next() {
    Duration pause = next;
    Duration twice = pause.multipliedBy(2);
    next = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    return pause;
  }

  /** An attempt was good. */
  void reset() {
    next = FIRST;
  }
}
