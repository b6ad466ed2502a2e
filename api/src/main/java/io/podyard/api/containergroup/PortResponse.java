package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** A port a container listens on. */
public record PortResponse(@Nullable Integer port, @Nullable String protocol) {}
