package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Makes ids of container groups: {@code eci-} and twenty lower-case letters or digits, nine of the
 * time in milliseconds and eleven random ones, so that the order of ids is the order of creation.
 */
final class GroupIds {

  static final String PREFIX = "eci-";

  private static final int RADIX = 36;
  private static final int TIME_DIGITS = 9;
  private static final int RANDOM_DIGITS = 11;

  private final RandomGenerator random;

  GroupIds(RandomGenerator random) {
    this.random = random;
  }

  ContainerGroupId next(Instant now) {
    StringBuilder id = new StringBuilder(PREFIX);
    String time = Long.toString(now.toEpochMilli(), RADIX).toLowerCase(Locale.ROOT);
    id.append("0".repeat(TIME_DIGITS - time.length())).append(time);
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      id.append(Character.forDigit(random.nextInt(RADIX), RADIX));
    }
    return new ContainerGroupId(id.toString());
  }
}
