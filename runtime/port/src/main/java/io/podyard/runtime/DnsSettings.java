package io.podyard.runtime;

import java.util.List;

/**
 * The resolver of a group in place of the host's.
 *
 * @param options as in resolv.conf, {@code name} or {@code name:value}
 */
public record DnsSettings(List<String> nameServers, List<String> searches, List<String> options) {
  public DnsSettings {
    nameServers = List.copyOf(nameServers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
  }
}
