package io.podyard.runtime;

import java.util.List;

/** A line of the hosts file of a group. */
public record HostAlias(String ip, List<String> hostnames) {
  public HostAlias {
    hostnames = List.copyOf(hostnames);
  }
}
