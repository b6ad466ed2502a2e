package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** The answer to RestartContainerGroup. */
public record RestartContainerGroupResponse(@Nullable String requestId) {}
