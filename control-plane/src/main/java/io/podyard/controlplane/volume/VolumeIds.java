package io.podyard.controlplane.volume;

import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Makes ids of disks: {@code d-} and twenty lower-case letters or digits, nine of the time in
 * milliseconds and eleven random ones, so that the order of ids is the order in which disks were
 * asked for.
 */
public final class VolumeIds {

  private static final String PREFIX = "d-";
  private static final Pattern FORM = Pattern.compile("d-[a-z0-9]{20}");
  private static final int RADIX = 36;
  private static final int TIME_DIGITS = 9;
  private static final int RANDOM_DIGITS = 11;

  private final RandomGenerator random;

  public VolumeIds(RandomGenerator random) {
    this.random = random;
  }

  public String next(Instant now) {
    StringBuilder id = new StringBuilder(PREFIX);
    String time = Long.toString(now.toEpochMilli(), RADIX).toLowerCase(Locale.ROOT);
    id.append("0".repeat(TIME_DIGITS - time.length())).append(time);
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      id.append(Character.forDigit(random.nextInt(RADIX), RADIX));
    }
    return id.toString();
  }

  /** Whether a disk can have this id. */
  public static boolean isId(String text) {
    return text.length() == PREFIX.length() + TIME_DIGITS + RANDOM_DIGITS
        && FORM.matcher(text).matches();
  }
}
