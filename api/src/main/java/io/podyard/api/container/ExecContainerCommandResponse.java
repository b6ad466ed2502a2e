package io.podyard.api.container;

import org.jspecify.annotations.Nullable;

/**
 * The answer to ExecContainerCommand.
 *
 * @param syncResponse what the command wrote, when the request asked to wait
 */
public record ExecContainerCommandResponse(
    @Nullable String httpUrl,
    @Nullable String requestId,
    @Nullable String syncResponse,
    @Nullable String webSocketUri) {}
