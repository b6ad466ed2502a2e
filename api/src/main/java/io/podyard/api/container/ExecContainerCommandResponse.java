package io.podyard.api.container;

import org.jspecify.annotations.Nullable;

/**
 * The answer to ExecContainerCommand.
 *
 * @param httpUrl a page with a terminal, which opens once and within 30 s; null if the request
 *     asked to wait
 * @param syncResponse what the command wrote, when the request asked to wait
 * @param webSocketUri opens the session, once and within 30 s, unless the page was opened; null if
 *     the request asked to wait
 */
public record ExecContainerCommandResponse(
    @Nullable String httpUrl,
    @Nullable String requestId,
    @Nullable String syncResponse,
    @Nullable String webSocketUri) {}
