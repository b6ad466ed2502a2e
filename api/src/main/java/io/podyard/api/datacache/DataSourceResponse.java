package io.podyard.api.datacache;

import org.jspecify.annotations.Nullable;

/**
 * Where a data cache has its data from.
 *
 * @param options a JSON object in a text, without secrets
 */
public record DataSourceResponse(@Nullable String options, @Nullable String type) {}
