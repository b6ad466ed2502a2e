package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A liveness or readiness probe (contract section 11). */
public record ProbeRequest(
    @Nullable Exec exec,
    @Nullable Integer failureThreshold,
    @Nullable HttpGet httpGet,
    @Nullable Integer initialDelaySeconds,
    @Nullable Integer periodSeconds,
    @Nullable Integer successThreshold,
    @Nullable TcpSocket tcpSocket,
    @Nullable Integer timeoutSeconds) {

  /** A probe by command. */
  public record Exec(@MaxItems(21) @FreeText List<String> command) {
    public Exec {
      command = WireLists.orEmpty(command);
    }
  }

  /** A probe by HTTP. */
  public record HttpGet(@Nullable String path, @Nullable Integer port, @Nullable String scheme) {}

  /** A probe by connecting. */
  public record TcpSocket(@Nullable Integer port) {}
}
