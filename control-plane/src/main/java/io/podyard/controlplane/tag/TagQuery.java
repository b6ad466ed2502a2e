package io.podyard.controlplane.tag;

import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which tags are listed: all of those resources that match.
 *
 * @param resources only these; empty for all
 * @param tags only resources that have all of these, with any value where it is null
 * @param after the row after which the page begins, null for the first page; its value counts for
 *     nothing
 * @param limit most rows
 */
public record TagQuery(
    AccountId account,
    RegionId region,
    List<String> resources,
    Map<String, @Nullable String> tags,
    @Nullable TagRow after,
    int limit) {

  public TagQuery {
    resources = List.copyOf(resources);
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }
}
