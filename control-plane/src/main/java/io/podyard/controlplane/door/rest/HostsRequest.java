package io.podyard.controlplane.door.rest;

import org.jspecify.annotations.Nullable;

/** Asks for hosts. */
record HostsRequest(@Nullable Integer limit, @Nullable String nextToken) {

  /** Is about one host. */
  record OfOne(@Nullable String hostId) {}

  /** Drains a host. */
  record Drain(
      @Nullable String hostId, @Nullable Integer deadlineSeconds, @Nullable String reason) {}

  /** Cordons a host. */
  record Cordon(@Nullable String hostId, @Nullable String reason) {}
}
