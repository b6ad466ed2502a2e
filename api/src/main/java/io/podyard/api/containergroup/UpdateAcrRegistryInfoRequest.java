package io.podyard.api.containergroup;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A registry used without a password. */
public record UpdateAcrRegistryInfoRequest(
    @MaxItems(21) List<String> domain,
    @Nullable String instanceId,
    @Nullable String instanceName,
    @Nullable String regionId) {
  public UpdateAcrRegistryInfoRequest {
    domain = WireLists.orEmpty(domain);
  }
}
