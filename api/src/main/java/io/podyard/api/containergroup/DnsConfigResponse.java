package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What resolv.conf of the group's containers says. */
public record DnsConfigResponse(
    List<String> nameServers, List<Option> options, List<String> searches) {
  public DnsConfigResponse {
    nameServers = WireLists.orEmpty(nameServers);
    options = WireLists.orEmpty(options);
    searches = WireLists.orEmpty(searches);
  }

  /** One resolver option. */
  public record Option(@Answered @Nullable String name, @Nullable String value) {}
}
