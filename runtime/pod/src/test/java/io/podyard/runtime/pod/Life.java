package io.podyard.runtime.pod;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one attempt at a container.
 *
 * @param runs how long by itself, null until it is stopped
 * @param ignoresStop whether only the kill ends it
 * @param refusedAtCreate whether it cannot be made
 * @param refusedAtStart whether it cannot be started
 * @param message what it says of its end
 */
record Life(
    @Nullable Duration runs,
    int exitCode,
    boolean oomKilled,
    boolean ignoresStop,
    boolean refusedAtCreate,
    boolean refusedAtStart,
    String message) {

  static final Life STAYS = new Life(null, 0, false, false, false, false, "");
  static final Life STUBBORN = new Life(null, 0, false, true, false, false, "");
  static final Life NOT_MADE = new Life(null, 0, false, false, true, false, "");
  static final Life NOT_STARTED = new Life(null, 0, false, false, false, true, "");
  static final Life OUT_OF_MEMORY =
      new Life(Duration.ofSeconds(3), 137, true, false, false, false, "");

  static Life ends(Duration runs, int exitCode) {
    return new Life(runs, exitCode, false, false, false, false, "");
  }

  static Life ends(int exitCode) {
    return ends(Duration.ofSeconds(1), exitCode);
  }

  /** The same, saying why it ends. */
  Life saying(String words) {
    return new Life(runs, exitCode, oomKilled, ignoresStop, refusedAtCreate, refusedAtStart, words);
  }
}
