package io.podyard.runtime.docker.image;

import java.time.Duration;

/** Waits between attempts; tests note the waits instead. */
@FunctionalInterface
interface Pause {

  Pause SLEEP = Thread::sleep;

  void of(Duration time) throws InterruptedException;
}
