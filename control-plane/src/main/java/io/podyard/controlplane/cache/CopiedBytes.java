package io.podyard.controlplane.cache;

import org.jspecify.annotations.Nullable;

/**
 * How many bytes hosts have of a cache: of what is made, or of what is used if nothing is made.
 *
 * @param bytes on all hosts that are to have it by now, each copy counted
 * @param totalBytes of the same; null as long as one of them does not know
 * @param read of it once, from where the content is from, by the host that is furthest
 */
public record CopiedBytes(long bytes, @Nullable Long totalBytes, long read) {}
