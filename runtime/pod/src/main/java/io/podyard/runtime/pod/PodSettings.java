package io.podyard.runtime.pod;

import java.time.Duration;

/**
 * The delays of a kubelet.
 *
 * @param restartBackOff before the second restart of a container, the first comes at once; doubles
 *     with each. Whole seconds
 * @param restartBackOffCap longest delay before a restart. Whole seconds
 * @param healthyAfter a container that ran this long is restarted at once, as if for the first time
 * @param pullBackOff before the second fetch of an image; doubles with each. Whole seconds
 * @param pullBackOffCap longest delay before a fetch, unless the registry asks for more
 * @param poll how long to wait at most for news of a fetch, a start or a stop before looking again
 */
public record PodSettings(
    Duration restartBackOff,
    Duration restartBackOffCap,
    Duration healthyAfter,
    Duration pullBackOff,
    Duration pullBackOffCap,
    Duration poll) {

  /** Those of Kubernetes. */
  public static final PodSettings DEFAULTS =
      new PodSettings(
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5));

  /**
   * @throws IllegalArgumentException if a delay is shorter than a second or longer than its cap
   */
  public PodSettings {
    check("restart back-off", restartBackOff, restartBackOffCap);
    check("pull back-off", pullBackOff, pullBackOffCap);
    if (!poll.isPositive()) {
      throw new IllegalArgumentException("poll must be positive, not " + poll);
    }
  }

  private static void check(String name, Duration base, Duration cap) {
    if (base.toSeconds() < 1 || base.compareTo(cap) > 0) {
      throw new IllegalArgumentException(
          name + " must be at least 1 s and at most its cap " + cap + ", not " + base);
    }
  }

  /**
   * The delay before a restart.
   *
   * @param restarts so far
   * @param lastSeconds the delay before the attempt that just ended, 0 if there was none
   * @param ran how long that attempt ran
   */
  int restartDelaySeconds(int restarts, int lastSeconds, Duration ran) {
    if (restarts == 0 || ran.compareTo(healthyAfter) >= 0) {
      return 0;
    }
    if (lastSeconds == 0) {
      return (int) restartBackOff.toSeconds();
    }
    return (int) Math.min(2L * lastSeconds, restartBackOffCap.toSeconds());
  }

  /**
   * The delay after a failed fetch.
   *
   * @param failures failed fetches so far, 1 or more
   */
  Duration pullDelay(int failures) {
    int doublings = Math.min(failures - 1, 20);
    long seconds = Math.min(pullBackOff.toSeconds() << doublings, pullBackOffCap.toSeconds());
    return Duration.ofSeconds(seconds);
  }
}
