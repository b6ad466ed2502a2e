package io.podyard.runtime.docker.http;

import com.github.dockerjava.core.LocalDirectorySSLConfig;
import java.net.URI;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where an engine listens. */
public sealed interface EngineAddress {

  int PLAIN_PORT = 2375;
  int TLS_PORT = 2376;

  /** A socket of this machine. */
  record Local(Path socket) implements EngineAddress {
    @Override
    public String toString() {
      return "unix://" + socket;
    }
  }

  /**
   * A machine in the network.
   *
   * @param tls how to speak to it, null for plain TCP
   */
  record Remote(String host, int port, @Nullable SSLContext tls) implements EngineAddress {
    @Override
    public String toString() {
      return (tls == null ? "tcp://" : "https://") + host + ":" + port;
    }
  }

  /**
   * From an address in the manner of {@code DOCKER_HOST}.
   *
   * @param host {@code unix:///path}, {@code tcp://host[:port]}, {@code http://}, {@code https://}
   * @param tlsFolder with {@code ca.pem}, {@code cert.pem} and {@code key.pem}; null for plain TCP
   * @throws IllegalArgumentException if the address is none of these, or asks for TLS without a
   *     folder
   */
  static EngineAddress of(URI host, @Nullable Path tlsFolder) {
    String scheme = host.getScheme();
    if (scheme == null) {
      throw unknown(host);
    }
    return switch (scheme) {
      case "unix" -> {
        if (host.getPath() == null || host.getPath().isEmpty()) {
          throw unknown(host);
        }
        yield new Local(Path.of(host.getPath()));
      }
      case "tcp", "http", "https" -> remote(host, scheme, tlsFolder);
      default -> throw unknown(host);
    };
  }

  private static Remote remote(URI host, String scheme, @Nullable Path tlsFolder) {
    if (host.getHost() == null) {
      throw unknown(host);
    }
    if (tlsFolder == null && scheme.equals("https")) {
      throw new IllegalArgumentException(
          "the engine's address " + host + " asks for TLS, but there is no folder of certificates");
    }
    boolean secure = tlsFolder != null && !scheme.equals("http");
    int port = host.getPort() > 0 ? host.getPort() : secure ? TLS_PORT : PLAIN_PORT;
    SSLContext context = null;
    if (tlsFolder != null && secure) {
      context = new LocalDirectorySSLConfig(tlsFolder.toString()).getSSLContext();
    }
    return new Remote(host.getHost(), port, context);
  }

  private static IllegalArgumentException unknown(URI host) {
    return new IllegalArgumentException(
        "the engine's address must be unix:///path, tcp://host:port or https://host:port, not "
            + host);
  }
}
