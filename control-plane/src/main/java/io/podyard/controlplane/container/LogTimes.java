package io.podyard.controlplane.container;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** From when on lines of a log are meant. */
public final class LogTimes {

  private LogTimes() {}

  /**
   * With both, a line has to be young enough for each of them.
   *
   * @param seconds of how many seconds until now, null if that was not said
   * @param startTime from when on, null if that was not said
   * @return null for all lines
   */
  public static @Nullable Instant since(
      Instant now, @Nullable Integer seconds, @Nullable Instant startTime) {
    if (seconds == null) {
      return startTime;
    }
    Instant since = now.minusSeconds(seconds);
    return startTime == null || startTime.isBefore(since) ? since : startTime;
  }
}
