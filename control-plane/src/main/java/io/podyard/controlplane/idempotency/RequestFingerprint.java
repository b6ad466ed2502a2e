package io.podyard.controlplane.idempotency;

import io.podyard.model.RegionId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What makes two requests the same for a client token: the region and everything that the request
 * means, however it was written. A region that is named and the same one that is meant by not
 * naming any are one.
 */
final class RequestFingerprint {

  private RequestFingerprint() {}

  /**
   * @param meaning the request without its token, read and with its defaults filled in
   */
  static String of(RegionId region, List<String> meaning) {
    StringBuilder text = new StringBuilder(region.value());
    for (String part : meaning) {
      // With its length in front, no part can look like two.
      text.append('\n').append(part.length()).append(':').append(part);
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
