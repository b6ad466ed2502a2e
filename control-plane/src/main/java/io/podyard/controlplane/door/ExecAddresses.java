package io.podyard.controlplane.door;

import io.podyard.controlplane.exec.ExecToken;

/**
 * Where sessions are opened, in the form of ECI's own addresses (contract section 15).
 *
 * @param server the address of this server, without a slash at its end
 */
public record ExecAddresses(String server) {

  /** Path of the WebSocket; a slash may follow. */
  public static final String SOCKET_PATH = "/exec";

  public static final String SOCKET_SECRET = "s";

  /** Path of the page with a terminal. */
  public static final String PAGE_PATH = "/terminal";

  public static final String PAGE_SECRET = "param";

  /** The WebSocket of a session. */
  public String socket(ExecToken secret) {
    return "ws%s%s/?%s=%s"
        .formatted(server.replaceFirst("^http", ""), SOCKET_PATH, SOCKET_SECRET, secret.text());
  }

  /** The page of a session. */
  public String page(ExecToken secret) {
    return "%s%s?%s=%s".formatted(server, PAGE_PATH, PAGE_SECRET, secret.text());
  }
}
