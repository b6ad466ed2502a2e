package io.podyard.controlplane.app;

import io.podyard.controlplane.write.CommitPoints;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends the process at a named commit, for the tests that prove that it may die anywhere: {@code
 * PODYARD_CRASH_AT=<writer>:<before|after>:<n>} halts it at the n-th such moment, without a shutdown
 * hook, as {@code kill -9} would.
 */
final class CrashPoints implements CommitPoints {

  private static final int KILLED = 137;

  private final String point;
  private final AtomicInteger left;

  private CrashPoints(String point, int occurrence) {
    this.point = point;
    this.left = new AtomicInteger(occurrence);
  }

  /**
   * @param setting empty for none
   * @throws IllegalArgumentException if it is of another form
   */
  static CommitPoints of(String setting) {
    if (setting.isEmpty()) {
      return CommitPoints.NONE;
    }
    int last = setting.lastIndexOf(':');
    if (last < 1) {
      throw new IllegalArgumentException(
          "PODYARD_CRASH_AT must be <writer>:<before|after>:<n>, not " + setting);
    }
    return new CrashPoints(
        setting.substring(0, last), Integer.parseInt(setting.substring(last + 1)));
  }

  @Override
  public void reached(String name, Side side) {
    if (point.equals(name + ":" + side.name().toLowerCase(Locale.ROOT))
        && left.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(KILLED);
    }
  }
}
