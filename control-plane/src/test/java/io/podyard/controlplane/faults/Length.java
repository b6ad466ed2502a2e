package io.podyard.controlplane.faults;

import java.util.SplittableRandom;

/**
 * How long a seeded test is, and with which seed: short by default; in full with {@code
 * -Dpodyard.long=true}, repeated exactly with {@code -Dpodyard.seed}.
 */
final class Length {

  private static final long USUAL_SEED = 20_180_808;

  private Length() {}

  static int of(int inShort, int inFull) {
    return Boolean.getBoolean("podyard.long") ? inFull : inShort;
  }

  /** Printed, so that a failure can be repeated. */
  static long seed(Class<?> test) {
    long seed = Long.getLong("podyard.seed", USUAL_SEED);
    System.out.println(test.getSimpleName() + " with seed " + seed);
    return seed;
  }

  static SplittableRandom random(Class<?> test) {
    return new SplittableRandom(seed(test));
  }
}
