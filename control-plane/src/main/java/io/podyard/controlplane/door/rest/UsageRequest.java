package io.podyard.controlplane.door.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks what was used in a period and what it cost. */
record UsageRequest(
    @Nullable String accountId,
    @Nullable String containerGroupId,
    @Nullable Instant from,
    @Nullable Integer limit,
    @Nullable String nextToken,
    @Nullable Instant to) {}
