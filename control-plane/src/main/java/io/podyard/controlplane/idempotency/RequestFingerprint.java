package io.podyard.controlplane.idempotency;

import io.podyard.api.RpcCodec;
import io.podyard.model.RegionId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What makes two requests the same for a client token: every decoded parameter but the token
 * itself, so that {@code Cpu=2} and {@code Cpu=2.0} are one request, and so are a region that is
 * named and the same one that is meant by not naming any.
 */
final class RequestFingerprint {

  private RequestFingerprint() {}

  static String of(RegionId region, Object request) {
    Map<String, String> parameters = new TreeMap<>(RpcCodec.encode(request));
    parameters.put("RegionId", region.value());
    parameters.remove("ClientToken");
    StringBuilder text = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            text.append(name).append('=').append(value.length()).append(':').append(value));
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
