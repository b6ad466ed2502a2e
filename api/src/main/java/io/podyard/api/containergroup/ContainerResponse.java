package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one container.
 *
 * @param cpu vCPU
 * @param memory GiB
 */
public record ContainerResponse(
    List<String> args,
    List<String> commands,
    @Nullable BigDecimal cpu,
    @Answered @Nullable ContainerStateResponse currentState,
    List<EnvironmentVarResponse> environmentVars,
    @Nullable Integer gpu,
    @Answered @Nullable String image,
    @Answered @Nullable String imagePullPolicy,
    @Nullable ProbeResponse livenessProbe,
    @Nullable BigDecimal memory,
    @Answered @Nullable String name,
    List<PortResponse> ports,
    @Nullable ContainerStateResponse previousState,
    @Nullable ProbeResponse readinessProbe,
    @Answered @Nullable Boolean ready,
    @Answered @Nullable Integer restartCount,
    @Nullable SecurityContextResponse securityContext,
    @Answered @Nullable Boolean stdin,
    @Answered @Nullable Boolean stdinOnce,
    @Answered @Nullable Boolean tty,
    List<VolumeMountResponse> volumeMounts,
    @Nullable String workingDir) {
  public ContainerResponse {
    args = WireLists.orEmpty(args);
    commands = WireLists.orEmpty(commands);
    environmentVars = WireLists.orEmpty(environmentVars);
    ports = WireLists.orEmpty(ports);
    volumeMounts = WireLists.orEmpty(volumeMounts);
  }

  /** Starts with everything absent. */
  public static ContainerResponseBuilder builder() {
    return new ContainerResponseBuilder();
  }
}
