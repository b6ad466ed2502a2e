package io.podyard.api.commit;

import org.jspecify.annotations.Nullable;

/**
 * The answer to CommitContainer, as soon as the task is durable.
 *
 * @param taskId to ask DescribeCommitContainerTask for
 */
public record CommitContainerResponse(@Nullable String requestId, @Nullable String taskId) {}
