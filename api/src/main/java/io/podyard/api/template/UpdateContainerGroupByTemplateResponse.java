package io.podyard.api.template;

import org.jspecify.annotations.Nullable;

/** The answer to UpdateContainerGroupByTemplate. */
public record UpdateContainerGroupByTemplateResponse(@Nullable String requestId) {}
