package io.podyard.api.containergroup;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kernel parameters of a group. */
public record EciSecurityContextResponse(List<Sysctl> sysctls) {
  public EciSecurityContextResponse {
    sysctls = WireLists.orEmpty(sysctls);
  }

  /** One kernel parameter. */
  public record Sysctl(@Nullable String name, @Nullable String value) {}
}
