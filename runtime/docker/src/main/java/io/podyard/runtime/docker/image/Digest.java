package io.podyard.runtime.docker.image;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Digests as registries write them, {@code sha256:...}. */
final class Digest {

  private static final Pattern VALID = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

  private Digest() {}

  static boolean isValid(String digest) {
    return VALID.matcher(digest).matches();
  }

  /** For the algorithm that a digest names. */
  static MessageDigest algorithm(String digest) {
    return newDigest(digest.startsWith("sha512:") ? "SHA-512" : "SHA-256");
  }

  static boolean matches(String digest, MessageDigest computed) {
    String hex = HexFormat.of().formatHex(computed.digest());
    return digest.substring(digest.indexOf(':') + 1).equals(hex);
  }

  static boolean matches(String digest, byte[] bytes) {
    MessageDigest computed = algorithm(digest);
    computed.update(bytes);
    return matches(digest, computed);
  }

  static String sha256(byte[] bytes) {
    return "sha256:" + HexFormat.of().formatHex(newDigest("SHA-256").digest(bytes));
  }

  static String hex(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(newDigest("SHA-256").digest(bytes));
  }

  private static MessageDigest newDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
