package io.podyard.runtime.simulated;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The GPUs of a simulated host.
 *
 * @param count 0 to 64
 * @param model empty if there are none
 */
record HostGpus(int count, String model) {

  static final HostGpus NONE = new HostGpus(0, "");

  private static final int MOST = 64;
  private static final Pattern FORM = Pattern.compile("([0-9]{1,2})x([A-Za-z0-9._-]{1,64})");

  /**
   * Reads {@code 4xA10}; nothing is none.
   *
   * @throws IllegalArgumentException if it cannot be understood
   */
  static HostGpus of(String text) {
    if (text.isBlank()) {
      return NONE;
    }
    Matcher matcher = FORM.matcher(text);
    int count = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("must look like 4xA10 with 1 to 64 GPUs, not " + text);
    }
    return new HostGpus(count, matcher.group(2));
  }
}
