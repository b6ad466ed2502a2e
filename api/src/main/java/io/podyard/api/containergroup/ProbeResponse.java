package io.podyard.api.containergroup;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A liveness or readiness probe. */
public record ProbeResponse(
    List<String> execs,
    @Nullable Integer failureThreshold,
    @Nullable HttpGet httpGet,
    @Nullable Integer initialDelaySeconds,
    @Nullable Integer periodSeconds,
    @Nullable Integer successThreshold,
    @Nullable TcpSocket tcpSocket,
    @Nullable Integer timeoutSeconds) {
  public ProbeResponse {
    execs = WireLists.orEmpty(execs);
  }

  /** A probe by HTTP. */
  public record HttpGet(@Nullable String path, @Nullable Integer port, @Nullable String scheme) {}

  /** A probe by connecting. */
  public record TcpSocket(@Nullable String host, @Nullable Integer port) {}
}
