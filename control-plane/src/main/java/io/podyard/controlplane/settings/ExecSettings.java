package io.podyard.controlplane.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Commands that are talked with, and logs that are followed.
 *
 * @param sessions most commands that are talked with at once through one process, 1 to 10000
 * @param idle after so long without a byte in either direction a session is ended; also the longest
 *     that a client may take nothing; 1 s to 1 day
 * @param longest after so long a session is ended in any case; 1 s to 30 days
 * @param followers most logs that are followed at once through one process, and as many container
 *     groups, 1 to 10000
 */
public record ExecSettings(
    @DefaultValue("500") int sessions,
    @DefaultValue("30m") Duration idle,
    @DefaultValue("12h") Duration longest,
    @DefaultValue("500") int followers) {

  private static final int MOST = 10_000;

  /**
   * @throws IllegalArgumentException if one is out of range
   */
  public ExecSettings {
    requireCount("PODYARD_EXEC_SESSIONS", sessions);
    requireCount("PODYARD_EXEC_FOLLOWERS", followers);
    requireTime("PODYARD_EXEC_IDLE", idle, Duration.ofDays(1));
    requireTime("PODYARD_EXEC_LONGEST", longest, Duration.ofDays(30));
  }

  private static void requireCount(String name, int value) {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException(
          "%s must be from 1 to %d, not %d".formatted(name, MOST, value));
    }
  }

  private static void requireTime(String name, Duration value, Duration most) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be from 1s to %dh, not %s".formatted(name, most.toHours(), value));
    }
  }
}
