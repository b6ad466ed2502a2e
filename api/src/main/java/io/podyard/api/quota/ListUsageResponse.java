package io.podyard.api.quota;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Quotas and what is used of them.
 *
 * @param attributes by the names of contract section 15, for example {@code UsedCpu} and {@code
 *     MaxCpu}, and the same of container groups
 */
public record ListUsageResponse(Map<String, BigDecimal> attributes, @Nullable String requestId) {
  public ListUsageResponse {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }
}
