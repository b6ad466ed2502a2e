package io.podyard.controlplane.ops;

import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Makes ids of tasks: {@code ops-} and twenty lower-case letters or digits, nine of the time in
 * milliseconds and eleven random ones, so that the order of ids is the order of creation.
 */
final class OpsTaskIds {

  private static final String PREFIX = "ops-";
  private static final int RADIX = 36;
  private static final int TIME_DIGITS = 9;
  private static final int RANDOM_DIGITS = 11;

  private OpsTaskIds() {}

  static String next(Instant now, RandomGenerator random) {
    StringBuilder id = new StringBuilder(PREFIX);
    String time = Long.toString(now.toEpochMilli(), RADIX);
    id.append("0".repeat(TIME_DIGITS - time.length())).append(time);
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      id.append(Character.forDigit(random.nextInt(RADIX), RADIX));
    }
    return id.toString();
  }
}
