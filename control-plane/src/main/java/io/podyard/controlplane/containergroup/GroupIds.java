package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  private static final long RANDOM_VALUES = Math.powExact((long) RADIX, RANDOM_DIGITS);

  private final RandomGenerator random;

  GroupIds(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The ids of groups that are made together, all of them known by the first: whoever has that one
   * can tell the others again.
   */
  static List<ContainerGroupId> together(ContainerGroupId first, int count) {
    List<ContainerGroupId> ids = new ArrayList<>(count);
    ids.add(first);
    String time = first.value().substring(0, PREFIX.length() + TIME_DIGITS);
    for (int i = 1; i < count; i++) {
      ids.add(new ContainerGroupId(time + digits(first.value() + "/" + i)));
    }
    return List.copyOf(ids);
  }

  private static String digits(String seed) {
    byte[] hash;
    try {
      hash = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    String text = new BigInteger(1, hash).toString(RADIX).toLowerCase(Locale.ROOT);
    return text.substring(text.length() - RANDOM_DIGITS);
  }

  ContainerGroupId next(Instant now) {
    return new ContainerGroupId(
        PREFIX
            + padded(now.toEpochMilli(), TIME_DIGITS)
            + padded(random.nextLong(RANDOM_VALUES), RANDOM_DIGITS));
  }

  private static String padded(long number, int count) {
    String digits = Long.toString(number, RADIX);
    return "0".repeat(count - digits.length()) + digits;
  }
}
