package io.podyard.controlplane.door;

import io.podyard.controlplane.ops.ResultSecret;

/**
 * Where results of operations tasks are downloaded.
 *
 * @param server the address of this server, without a slash at its end
 */
public record OpsResultAddress(String server) {

  public static final String PATH = "/ops-results";
  public static final String SECRET = "s";

  public String of(ResultSecret secret) {
    return "%s%s?%s=%s".formatted(server, PATH, SECRET, secret.text());
  }
}
