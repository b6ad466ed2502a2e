package io.podyard.controlplane.door.rest;

import org.jspecify.annotations.Nullable;

/** Asks for hosts. */
record HostsRequest(@Nullable Integer limit, @Nullable String nextToken) {

  /** Is about one host. */
  record OfOne(@Nullable String hostId) {}

  /** Cordons a host. */
  record Cordon(@Nullable String hostId, @Nullable String reason) {}
}
