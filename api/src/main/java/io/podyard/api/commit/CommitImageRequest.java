package io.podyard.api.commit;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * The image to make of a container.
 *
 * @param author at most 255 characters
 * @param message at most 1024 characters
 * @param repository name of the image without its tag, with the registry in front unless that is
 *     Docker Hub
 * @param tag of the image
 */
public record CommitImageRequest(
    @Nullable String author,
    @Nullable String message,
    @Required @Nullable String repository,
    @Required @Nullable String tag) {}
