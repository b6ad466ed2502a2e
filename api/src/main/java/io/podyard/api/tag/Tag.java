package io.podyard.api.tag;

import io.podyard.api.wire.FreeText;
import org.jspecify.annotations.Nullable;

/**
 * A label of a resource (contract section 9). In a filter a null value means any value.
 *
 * @param key 1 to 64 characters when creating, to 128 when tagging
 * @param value 0 to 128 characters
 */
public record Tag(@Nullable String key, @FreeText @Nullable String value) {}
