package io.podyard.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of one container of a group.
 *
 * @param attempt number of the newest attempt that may exist on the host; 0 before the first. It is
 *     stored before the container is made, so an object with another number is not ours to keep.
 * @param restarts ended attempts that were followed by another
 * @param previous how the attempt before ended, null if there was none
 * @param backOffSeconds the last delay before an attempt, 0 if none
 * @param notBefore when the next attempt may be made, set only between two attempts
 * @param firstStartedAt when it ran for the first time, null if it never did; later attempts that
 *     could not be made or started leave it as it is
 */
public record ContainerProgress(
    String name,
    int attempt,
    int restarts,
    ContainerStatus current,
    ContainerStatus.@Nullable Terminated previous,
    int backOffSeconds,
    @Nullable Instant notBefore,
    @Nullable Instant firstStartedAt) {}
