package io.podyard.api.datacache;

import org.jspecify.annotations.Nullable;

/**
 * Where a data cache has its data from (contract section 14).
 *
 * @param type {@code URL}, {@code NAS}, {@code OSS} or {@code SNAPSHOT}
 */
public record DataSourceRequest(
    @Nullable DataSourceOptionsRequest options, @Nullable String type) {}
