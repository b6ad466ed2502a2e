package io.podyard.api.ops;

import org.jspecify.annotations.Nullable;

/**
 * The answer to CreateInstanceOpsTask.
 *
 * @param result {@code success}: the task is stored
 */
public record CreateInstanceOpsTaskResponse(@Nullable String requestId, @Nullable String result) {}
