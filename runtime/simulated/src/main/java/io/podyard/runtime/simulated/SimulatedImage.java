package io.podyard.runtime.simulated;

import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HeldLayer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What an image is: always the same for the same name. Images of one repository have their lowest
 * layer in common.
 */
record SimulatedImage(String name) {

  private static final long MIB = 1024 * 1024;
  private static final int SMALLEST_MIB = 5;
  private static final int SIZES = 120;
  private static final long BASE = 4 * MIB;
  private static final long CONFIG = 4096;

  int mib() {
    return SMALLEST_MIB + Math.floorMod(name.hashCode(), SIZES);
  }

  long bytes() {
    return mib() * MIB;
  }

  /** Of its manifest: the one that its name has, if it has one. */
  String digest() {
    int at = name.indexOf("@sha256:");
    return at >= 0 ? name.substring(at + 1) : sha256("manifest of " + name);
  }

  List<HeldLayer> layers() {
    return List.of(
        new HeldLayer(sha256("configuration of " + name), CONFIG),
        new HeldLayer(sha256("base of " + repository()), BASE),
        new HeldLayer(sha256("layer of " + name), bytes() - BASE - CONFIG));
  }

  HeldImage held() {
    return new HeldImage(name, digest(), bytes(), layers());
  }

  private String repository() {
    int end = name.indexOf('@');
    String named = end < 0 ? name : name.substring(0, end);
    int colon = named.lastIndexOf(':');
    return colon > named.lastIndexOf('/') ? named.substring(0, colon) : named;
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
