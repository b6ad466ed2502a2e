package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/**
 * A port a container listens on.
 *
 * @param port 1 to 65535
 * @param protocol {@code TCP} or {@code UDP}
 */
public record PortRequest(@Nullable Integer port, @Nullable String protocol) {}
