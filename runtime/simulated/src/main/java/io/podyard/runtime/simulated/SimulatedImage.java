package io.podyard.runtime.simulated;

import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HeldLayer;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.pod.ImageView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What an image is: always the same for the same name, also if the name says by its digest which
 * image it means. Images of one repository have their lowest layer in common.
 */
record SimulatedImage(String name) {

  private static final long MIB = 1024 * 1024;
  private static final int SMALLEST_MIB = 5;
  private static final int SIZES = 120;
  private static final long BASE = 4 * MIB;
  private static final long CONFIG = 4096;

  int mib() {
    return SMALLEST_MIB + Math.floorMod(plain().hashCode(), SIZES);
  }

  long bytes() {
    return mib() * MIB;
  }

  /** Of its manifest: the one that its name has, if it has one. */
  String digest() {
    int at = name.indexOf("@sha256:");
    return at >= 0 ? name.substring(at + 1) : sha256("manifest of " + name);
  }

  /** Without a digest that says no more than the rest of the name does. */
  private String plain() {
    int at = name.indexOf("@sha256:");
    return at >= 0 && digest().equals(sha256("manifest of " + name.substring(0, at)))
        ? name.substring(0, at)
        : name;
  }

  List<HeldLayer> layers() {
    return List.of(
        new HeldLayer(sha256("configuration of " + plain()), CONFIG),
        new HeldLayer(sha256("base of " + repository()), BASE),
        new HeldLayer(sha256("layer of " + plain()), bytes() - BASE - CONFIG));
  }

  /** As a host that has it tells; everyone may use it. */
  HostImage onHost() {
    return new HostImage(null, name, digest(), bytes());
  }

  HeldImage held() {
    return new HeldImage(name, digest(), bytes(), layers());
  }

  /** How a host has it before anybody fetched it for a group. */
  ImageView.Present unfetched() {
    return ImageView.Present.holding(Map.of(digest(), bytes()));
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
