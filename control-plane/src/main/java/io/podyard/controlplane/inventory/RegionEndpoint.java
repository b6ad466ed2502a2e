package io.podyard.controlplane.inventory;

import io.podyard.controlplane.settings.PodyardSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Host and port at which SDKs reach the regions of this installation: those of the public address,
 * else those the server listens at. SDKs want it without a scheme.
 */
@Component
public class RegionEndpoint {

  private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "::", "[::]");

  private final @Nullable String ofPublicUrl;
  private final Environment environment;

  /**
   * @throws IllegalArgumentException if the public address names no host
   */
  public RegionEndpoint(PodyardSettings settings, Environment environment) {
    String url = settings.publicUrl();
    this.ofPublicUrl = url == null || url.isBlank() ? null : ofUrl(url.strip());
    this.environment = environment;
  }

  private static String ofUrl(String url) {
    try {
      URI uri = new URI(url.contains("://") ? url : "http://" + url);
      if (uri.getHost() != null) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "PODYARD_PUBLIC_URL must be an address such as https://podyard.example.com:8443, not "
            + url);
  }

  /** As of now: before the server listens, its port may not be known. */
  String value() {
    if (ofPublicUrl != null) {
      return ofPublicUrl;
    }
    String address = environment.getProperty("server.address", "");
    // Whoever listens everywhere has to say by which of its names others reach it.
    String host = EVERY_ADDRESS.contains(address) ? "localhost" : address;
    String port =
        environment.getProperty(
            "local.server.port", environment.getProperty("server.port", "8080"));
    return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }
}
