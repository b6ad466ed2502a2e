package io.podyard.controlplane.usage;

import org.jspecify.annotations.Nullable;

/**
 * A tag by which usage is chosen.
 *
 * @param value null for any
 */
public record UsageTag(String key, @Nullable String value) {}
