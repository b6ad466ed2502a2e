package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one init container; the wire says {@code Command} here and {@code Commands} for
 * other containers.
 *
 * @param cpu vCPU
 * @param memory GiB
 */
public record InitContainerResponse(
    List<String> args,
    List<String> command,
    @Nullable BigDecimal cpu,
    @Answered @Nullable ContainerStateResponse currentState,
    List<EnvironmentVarResponse> environmentVars,
    @Nullable Integer gpu,
    @Answered @Nullable String image,
    @Answered @Nullable String imagePullPolicy,
    @Nullable BigDecimal memory,
    @Answered @Nullable String name,
    List<PortResponse> ports,
    @Nullable ContainerStateResponse previousState,
    @Answered @Nullable Boolean ready,
    @Answered @Nullable Integer restartCount,
    @Nullable SecurityContextResponse securityContext,
    List<VolumeMountResponse> volumeMounts,
    @Nullable String workingDir) {
  public InitContainerResponse {
    args = WireLists.orEmpty(args);
    command = WireLists.orEmpty(command);
    environmentVars = WireLists.orEmpty(environmentVars);
    ports = WireLists.orEmpty(ports);
    volumeMounts = WireLists.orEmpty(volumeMounts);
  }

  /** Starts with everything absent. */
  public static InitContainerResponseBuilder builder() {
    return new InitContainerResponseBuilder();
  }
}
