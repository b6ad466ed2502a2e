package io.podyard.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of fetching one image for a group.
 *
 * @param failures failed tries so far
 * @param startedAt when the first try began
 * @param finishedAt when the image was there, null while it is not
 * @param notBefore when the next try may begin, null if at once
 * @param reason why the last try failed, empty if none did: {@code ErrImagePull}, {@code
 *     ErrImageNeverPull}, {@code InvalidImageName}
 */
public record PullProgress(
    String image,
    int failures,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant notBefore,
    String reason,
    String message) {}
