package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks for the log of a container as it is written. */
record LogStreamRequest(
    @Required @Nullable String containerGroupId,
    @Required @Nullable String containerName,
    @Nullable Boolean follow,
    @Nullable Integer sinceSeconds,
    @Nullable Instant startTime,
    @Nullable Integer tail,
    @Nullable Boolean timestamps) {}
