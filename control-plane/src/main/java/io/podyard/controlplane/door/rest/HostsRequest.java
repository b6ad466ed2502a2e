package io.podyard.controlplane.door.rest;

import org.jspecify.annotations.Nullable;

/** Asks for hosts. */
record HostsRequest(@Nullable Integer limit, @Nullable String nextToken) {}
