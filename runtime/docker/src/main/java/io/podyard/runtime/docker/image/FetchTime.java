package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.web.Pause;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How long a fetch, or a push, may still go on. */
final class FetchTime {

  private final long endNanos;
  private final Duration total;
  private final BooleanSupplier cancelled;
  private final Pause pause;
  private final String word;

  FetchTime(Duration total, BooleanSupplier cancelled, Pause pause) {
    this("fetch", total, cancelled, pause);
  }

  /** Of a push, which is given up when it takes too long and for nothing else. */
  static FetchTime ofPush(Duration total, Pause pause) {
    return new FetchTime("push", total, () -> false, pause);
  }

  private FetchTime(String word, Duration total, BooleanSupplier cancelled, Pause pause) {
    this.word = word;
    this.endNanos = System.nanoTime() + total.toNanos();
    this.total = total;
    this.cancelled = cancelled;
    this.pause = pause;
  }

  /**
   * @throws FetchFailure if the time is over or nobody wants the image any more
   */
  void check() throws FetchFailure {
    if (cancelled.getAsBoolean()) {
      throw FetchFailure.pull("the fetch was given up because its group is gone");
    }
    if (System.nanoTime() - endNanos > 0) {
      throw FetchFailure.pull("the " + word + " took longer than " + total.toSeconds() + " s");
    }
  }

  void pause(Duration time) throws FetchFailure, InterruptedException {
    check();
    pause.of(time);
    check();
  }

  /** What is left, at least a moment. */
  Duration left() {
    return Duration.ofNanos(Math.max(endNanos - System.nanoTime(), 1_000_000));
  }
}
