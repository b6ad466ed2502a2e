package io.podyard.controlplane.door.exec;

import io.podyard.api.EciJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sub-protocols of Kubernetes for commands: binary messages whose first byte is the channel.
 * The fifth version differs from the fourth in that a client can close a channel.
 */
final class ExecChannels {

  static final String V5 = "v5.channel.k8s.io";
  static final String V4 = "v4.channel.k8s.io";

  /**
   * Those that are spoken, best first; who asks for none is spoken to in the first four channels.
   */
  static final List<String> PROTOCOLS = List.of(V5, V4);

  static final byte STDIN = 0;
  static final byte STDOUT = 1;
  static final byte STDERR = 2;
  static final byte STATUS = 3;
  static final byte RESIZE = 4;

  /** Of version 5: the next byte is a channel that ends. */
  static final byte CLOSE = (byte) 255;

  private ExecChannels() {}

  /** A message on a channel. */
  static ByteBuffer message(byte channel, byte[] bytes) {
    return ByteBuffer.allocate(bytes.length + 1).put(channel).put(bytes).flip();
  }

  /** The last message: how the command ended, as Kubernetes says it. */
  static ByteBuffer exited(int code) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("metadata", Map.of());
    if (code == 0) {
      status.put("status", "Success");
    } else {
      status.put("status", "Failure");
      status.put("message", "command terminated with exit code " + code);
      status.put("reason", "NonZeroExitCode");
      status.put(
          "details",
          Map.of(
              "causes", List.of(Map.of("reason", "ExitCode", "message", Integer.toString(code)))));
    }
    return status(status);
  }

  /** The last message of a session that ended otherwise. */
  static ByteBuffer failed(String reason, String message, int code) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("metadata", Map.of());
    status.put("status", "Failure");
    status.put("message", message);
    status.put("reason", reason);
    status.put("code", code);
    return status(status);
  }

  private static ByteBuffer status(Map<String, Object> status) {
    return message(
        STATUS, EciJson.rest().writeValueAsString(status).getBytes(StandardCharsets.UTF_8));
  }
}
