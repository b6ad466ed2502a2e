package io.podyard.api.containergroup;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of the hosts file. */
public record HostAliaseRequest(@MaxItems(51) List<String> hostname, @Nullable String ip) {
  public HostAliaseRequest {
    hostname = WireLists.orEmpty(hostname);
  }
}
