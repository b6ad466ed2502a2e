package io.podyard.runtime.docker.web;

import java.time.Duration;

/** Waits between attempts; tests note the waits instead. */
@FunctionalInterface
public interface Pause {

  Pause SLEEP = Thread::sleep;

  void of(Duration time) throws InterruptedException;
}
