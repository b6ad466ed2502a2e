package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The process that drives is killed again and again, at any commit and at any call to the engine;
 * what was stored and what is on the host is all the next one has.
 */
class CrashTest {

  private static final int SEEDS = 3000;

  @Test
  void whateverIsInterruptedEndsAsIfNothingHadBeen() {
    long crashes = 0;
    long attempts = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      CrashRun run = new CrashRun(seed);
      try {
        run.play();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + run.story(), e);
      }
      crashes += run.crashes();
      attempts += run.attempts();
    }
    // Else nothing was tried.
    assertThat(crashes).isGreaterThan(SEEDS);
    assertThat(attempts).isGreaterThan(2L * SEEDS);
  }
}
