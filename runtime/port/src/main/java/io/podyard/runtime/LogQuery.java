package io.podyard.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a container's log is wanted.
 *
 * @param tailLines newest lines, 1 or more
 * @param limitBytes most bytes of the answer; the newest are kept
 * @param since only what was written at or after, null for all
 * @param timestamps whether each line begins with its RFC 3339 time
 * @param previous whether the attempt before the current one is meant
 */
public record LogQuery(
    int tailLines, int limitBytes, @Nullable Instant since, boolean timestamps, boolean previous) {}
