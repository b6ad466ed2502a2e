package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One init container as it is to be, complete (contract section 12). */
public record UpdateInitContainerRequest(
    @MaxItems(101) @FreeText List<String> arg,
    @MaxItems(101) @FreeText List<String> command,
    @Nullable BigDecimal cpu,
    @MaxItems(101) List<EnvironmentVarRequest> environmentVar,
    @Nullable Integer gpu,
    @Nullable String image,
    @Nullable String imagePullPolicy,
    @Nullable BigDecimal memory,
    @Nullable String name,
    @MaxItems(101) List<PortRequest> port,
    @Nullable SecurityContextRequest securityContext,
    @Nullable Boolean stdin,
    @Nullable Boolean stdinOnce,
    @Nullable Boolean tty,
    @MaxItems(101) List<VolumeMountRequest> volumeMount,
    @Nullable String workingDir) {
  public UpdateInitContainerRequest {
    arg = WireLists.orEmpty(arg);
    command = WireLists.orEmpty(command);
    environmentVar = WireLists.orEmpty(environmentVar);
    port = WireLists.orEmpty(port);
    volumeMount = WireLists.orEmpty(volumeMount);
  }

  /** Starts with everything absent. */
  public static UpdateInitContainerRequestBuilder builder() {
    return new UpdateInitContainerRequestBuilder();
  }
}
