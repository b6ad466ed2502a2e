package io.podyard.controlplane.door.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks for groups whose record is over. */
record EndedGroupsRequest(
    @Nullable String containerGroupName,
    @Nullable Instant from,
    @Nullable Integer limit,
    @Nullable String nextToken,
    @Nullable String regionId,
    @Nullable String status,
    @Nullable Instant to) {}
