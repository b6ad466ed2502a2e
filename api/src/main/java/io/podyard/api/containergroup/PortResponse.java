package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/** A port a container listens on. */
public record PortResponse(@Answered @Nullable Integer port, @Answered @Nullable String protocol) {}
