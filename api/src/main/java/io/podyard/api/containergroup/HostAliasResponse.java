package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of the hosts file. */
public record HostAliasResponse(List<String> hostnames, @Answered @Nullable String ip) {
  public HostAliasResponse {
    hostnames = WireLists.orEmpty(hostnames);
  }
}
