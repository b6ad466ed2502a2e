package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks for what happens to a container group while it happens. */
record GroupStreamRequest(
    @Required @Nullable String containerGroupId, @Nullable Instant startTime) {}
