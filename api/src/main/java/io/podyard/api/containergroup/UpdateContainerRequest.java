package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container as it is to be, complete (contract section 12).
 *
 * @param cpu vCPU; null means the group's
 * @param image 1 to 255 characters
 * @param memory GiB; null means the group's
 */
public record UpdateContainerRequest(
    @MaxItems(101) @FreeText List<String> arg,
    @MaxItems(101) @FreeText List<String> command,
    @Nullable BigDecimal cpu,
    @MaxItems(101) List<EnvironmentVarRequest> environmentVar,
    @Nullable Integer gpu,
    @Nullable String image,
    @Nullable String imagePullPolicy,
    @MaxItems(101) @FreeText List<String> lifecyclePostStartHandlerExec,
    @Nullable String lifecyclePostStartHandlerHttpGetHost,
    @MaxItems(101) List<HttpHeaderRequest> lifecyclePostStartHandlerHttpGetHttpHeaders,
    @Nullable String lifecyclePostStartHandlerHttpGetPath,
    @Nullable Integer lifecyclePostStartHandlerHttpGetPort,
    @Nullable String lifecyclePostStartHandlerHttpGetScheme,
    @Nullable String lifecyclePostStartHandlerTcpSocketHost,
    @Nullable Integer lifecyclePostStartHandlerTcpSocketPort,
    @MaxItems(101) @FreeText List<String> lifecyclePreStopHandlerExec,
    @Nullable String lifecyclePreStopHandlerHttpGetHost,
    @MaxItems(101) List<HttpHeaderRequest> lifecyclePreStopHandlerHttpGetHttpHeader,
    @Nullable String lifecyclePreStopHandlerHttpGetPath,
    @Nullable Integer lifecyclePreStopHandlerHttpGetPort,
    @Nullable String lifecyclePreStopHandlerHttpGetScheme,
    @Nullable String lifecyclePreStopHandlerTcpSocketHost,
    @Nullable Integer lifecyclePreStopHandlerTcpSocketPort,
    @Nullable ProbeRequest livenessProbe,
    @Nullable BigDecimal memory,
    @Nullable String name,
    @MaxItems(101) List<PortRequest> port,
    @Nullable ProbeRequest readinessProbe,
    @Nullable SecurityContextRequest securityContext,
    @Nullable Boolean stdin,
    @Nullable Boolean stdinOnce,
    @Nullable Boolean tty,
    @MaxItems(101) List<VolumeMountRequest> volumeMount,
    @Nullable String workingDir) {
  public UpdateContainerRequest {
    arg = WireLists.orEmpty(arg);
    command = WireLists.orEmpty(command);
    environmentVar = WireLists.orEmpty(environmentVar);
    lifecyclePostStartHandlerExec = WireLists.orEmpty(lifecyclePostStartHandlerExec);
    lifecyclePostStartHandlerHttpGetHttpHeaders =
        WireLists.orEmpty(lifecyclePostStartHandlerHttpGetHttpHeaders);
    lifecyclePreStopHandlerExec = WireLists.orEmpty(lifecyclePreStopHandlerExec);
    lifecyclePreStopHandlerHttpGetHttpHeader =
        WireLists.orEmpty(lifecyclePreStopHandlerHttpGetHttpHeader);
    port = WireLists.orEmpty(port);
    volumeMount = WireLists.orEmpty(volumeMount);
  }

  /** Starts with everything absent. */
  public static UpdateContainerRequestBuilder builder() {
    return new UpdateContainerRequestBuilder();
  }
}
