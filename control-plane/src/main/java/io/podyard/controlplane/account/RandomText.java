package io.podyard.controlplane.account;

import java.util.random.RandomGenerator;

/** Random letters and digits. */
final class RandomText {

  static final String LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
  static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  static final String MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private RandomText() {}

  static String of(RandomGenerator random, String alphabet, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
