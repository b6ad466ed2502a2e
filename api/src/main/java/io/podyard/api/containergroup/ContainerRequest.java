package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container of a new group (contract section 7 for the limits).
 *
 * @param arg at most ten
 * @param command at most twenty of at most 256 characters
 * @param cpu vCPU; null means the group's
 * @param environmentVarHide true keeps the values out of every answer
 * @param image 1 to 255 characters
 * @param imagePullPolicy {@code Always}, {@code IfNotPresent} or {@code Never}
 * @param memory GiB; null means the group's
 * @param securityContextPrivileged written without a dot on the wire
 * @param securityContextRunAsGroup written without a dot on the wire
 * @param securityContextRunAsNonRoot written without a dot on the wire
 */
public record ContainerRequest(
    @MaxItems(101) @FreeText List<String> arg,
    @MaxItems(101) @FreeText List<String> command,
    @Nullable BigDecimal cpu,
    @MaxItems(241) List<EnvironmentVarRequest> environmentVar,
    @Nullable Boolean environmentVarHide,
    @Nullable Integer gpu,
    @Required @Nullable String image,
    @Nullable String imagePullPolicy,
    @MaxItems(101) @FreeText List<String> lifecyclePostStartHandlerExec,
    @Nullable String lifecyclePostStartHandlerHttpGetHost,
    @WireName(
            value = "LifecyclePostStartHandlerHttpGetHttpHeader",
            aliases = {"LifecyclepostStartHandlerHttpGetHttpHead"})
        @MaxItems(101)
        List<HttpHeaderRequest> lifecyclePostStartHandlerHttpGetHttpHeader,
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
    @Required @Nullable String name,
    @MaxItems(101) List<PortRequest> port,
    @Nullable ProbeRequest readinessProbe,
    @Nullable SecurityContextRequest securityContext,
    @Nullable Boolean securityContextPrivileged,
    @Nullable Long securityContextRunAsGroup,
    @Nullable Boolean securityContextRunAsNonRoot,
    @Nullable Boolean stdin,
    @Nullable Boolean stdinOnce,
    @Nullable String terminationMessagePath,
    @Nullable String terminationMessagePolicy,
    @Nullable Boolean tty,
    @MaxItems(101) List<VolumeMountRequest> volumeMount,
    @Nullable String workingDir) {
  public ContainerRequest {
    arg = WireLists.orEmpty(arg);
    command = WireLists.orEmpty(command);
    environmentVar = WireLists.orEmpty(environmentVar);
    lifecyclePostStartHandlerExec = WireLists.orEmpty(lifecyclePostStartHandlerExec);
    lifecyclePostStartHandlerHttpGetHttpHeader =
        WireLists.orEmpty(lifecyclePostStartHandlerHttpGetHttpHeader);
    lifecyclePreStopHandlerExec = WireLists.orEmpty(lifecyclePreStopHandlerExec);
    lifecyclePreStopHandlerHttpGetHttpHeader =
        WireLists.orEmpty(lifecyclePreStopHandlerHttpGetHttpHeader);
    port = WireLists.orEmpty(port);
    volumeMount = WireLists.orEmpty(volumeMount);
  }

  /** Starts with everything absent. */
  public static ContainerRequestBuilder builder() {
    return new ContainerRequestBuilder();
  }
}
