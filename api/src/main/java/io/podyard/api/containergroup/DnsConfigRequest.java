package io.podyard.api.containergroup;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What resolv.conf of the group's containers says. */
public record DnsConfigRequest(
    @MaxItems(20) List<String> nameServer,
    @MaxItems(20) List<Option> option,
    @MaxItems(20) List<String> search) {
  public DnsConfigRequest {
    nameServer = WireLists.orEmpty(nameServer);
    option = WireLists.orEmpty(option);
    search = WireLists.orEmpty(search);
  }

  /** One resolver option. */
  public record Option(@Nullable String name, @Nullable String value) {}
}
