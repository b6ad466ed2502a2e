package io.podyard.api.template;

import org.jspecify.annotations.Nullable;

/** The answer to ExportContainerGroupTemplate. */
public record ExportContainerGroupTemplateResponse(
    @Nullable String requestId, @Nullable GroupTemplate template) {}
