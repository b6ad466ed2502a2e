package io.podyard.api.template;

import org.jspecify.annotations.Nullable;

/**
 * Asks for the template of a group.
 *
 * @param regionId null means this installation's own region
 */
public record ExportContainerGroupTemplateRequest(
    @Nullable String regionId, @Nullable String containerGroupId) {}
