package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.OneOf;
import org.jspecify.annotations.Nullable;

/** Asks for the events of one container group. */
record GroupEventsRequest(
    @Nullable String containerGroupId,
    @OneOf({"EciService", "K8sAgent"}) @Nullable String eventSource) {}
