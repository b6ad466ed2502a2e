package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ProbeResponse;
import io.podyard.runtime.Handler;
import io.podyard.runtime.Probe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Probes in the shape of the contract (section 2.2). */
final class ProbeAnswers {

  private ProbeAnswers() {}

  static @Nullable ProbeResponse of(@Nullable Probe probe) {
    if (probe == null) {
      return null;
    }
    return new ProbeResponse(
        probe.handler() instanceof Handler.Exec exec ? exec.command() : List.of(),
        probe.failureThreshold(),
        probe.handler() instanceof Handler.HttpGet get
            ? new ProbeResponse.HttpGet(get.path(), get.port(), get.tls() ? "HTTPS" : "HTTP")
            : null,
        probe.initialDelaySeconds(),
        probe.periodSeconds(),
        probe.successThreshold(),
        probe.handler() instanceof Handler.TcpSocket socket
            ? new ProbeResponse.TcpSocket(socket.host(), socket.port())
            : null,
        probe.timeoutSeconds());
  }
}
