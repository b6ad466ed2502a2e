package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/** Asks which commands were run in a group's containers. */
record ExecSessionsRequest(
    @Required @Nullable String containerGroupId,
    @Nullable Integer limit,
    @Nullable String nextToken) {}
