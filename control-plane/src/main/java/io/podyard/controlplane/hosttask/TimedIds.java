package io.podyard.controlplane.hosttask;

import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Makes ids: a prefix and twenty lower-case letters or digits, nine of the time in milliseconds and
 * eleven random ones, so that the order of ids is the order of creation.
 */
public final class TimedIds {

  private static final int RADIX = 36;
  private static final int TIME_DIGITS = 9;
  private static final int RANDOM_DIGITS = 11;

  private TimedIds() {}

  public static String next(String prefix, Instant now, RandomGenerator random) {
    StringBuilder id = new StringBuilder(prefix);
    String time = Long.toString(now.toEpochMilli(), RADIX);
    id.append("0".repeat(TIME_DIGITS - time.length())).append(time);
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      id.append(Character.forDigit(random.nextInt(RADIX), RADIX));
    }
    return id.toString();
  }
}
