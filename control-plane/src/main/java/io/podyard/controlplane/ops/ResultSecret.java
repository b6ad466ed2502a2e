package io.podyard.controlplane.ops;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What opens the result of a task for as long as it is kept: 256 random bits.
 *
 * @param text in URL-safe Base64
 */
public record ResultSecret(String text) {

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  static ResultSecret random() {
    byte[] bits = new byte[BYTES];
    RANDOM.nextBytes(bits);
    return new ResultSecret(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Not the secret: texts end up in logs. */
  @Override
  public String toString() {
    return "ResultSecret[...]";
  }
}
