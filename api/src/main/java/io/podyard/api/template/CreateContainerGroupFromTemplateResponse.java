package io.podyard.api.template;

import org.jspecify.annotations.Nullable;

/** The answer to CreateContainerGroupFromTemplate. */
public record CreateContainerGroupFromTemplateResponse(
    @Nullable String requestId, @Nullable String containerGroupId) {}
