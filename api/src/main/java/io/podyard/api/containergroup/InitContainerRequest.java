package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container that runs to its end before the others start.
 *
 * @param arg at most ten
 * @param command at most twenty of at most 256 characters
 * @param cpu vCPU; null means the group's
 * @param image 1 to 255 characters
 * @param imagePullPolicy {@code Always}, {@code IfNotPresent} or {@code Never}
 * @param memory GiB; null means the group's
 */
public record InitContainerRequest(
    @MaxItems(101) @FreeText List<String> arg,
    @MaxItems(101) @FreeText List<String> command,
    @Nullable BigDecimal cpu,
    @MaxItems(241) List<EnvironmentVarRequest> environmentVar,
    @Nullable Integer gpu,
    @Nullable String image,
    @Nullable String imagePullPolicy,
    @Nullable BigDecimal memory,
    @Nullable String name,
    @MaxItems(101) List<PortRequest> port,
    @Nullable SecurityContextRequest securityContext,
    @Nullable String terminationMessagePath,
    @Nullable String terminationMessagePolicy,
    @MaxItems(101) List<VolumeMountRequest> volumeMount,
    @Nullable String workingDir) {
  public InitContainerRequest {
    arg = WireLists.orEmpty(arg);
    command = WireLists.orEmpty(command);
    environmentVar = WireLists.orEmpty(environmentVar);
    port = WireLists.orEmpty(port);
    volumeMount = WireLists.orEmpty(volumeMount);
  }

  /** Starts with everything absent. */
  public static InitContainerRequestBuilder builder() {
    return new InitContainerRequestBuilder();
  }
}
