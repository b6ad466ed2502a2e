package io.podyard.billing;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a bill says of a resource beside its id.
 *
 * @param name null if it has none
 */
public record ResourceFacts(@Nullable String name, Map<String, String> tags) {

  public static final ResourceFacts NONE = new ResourceFacts(null, Map.of());

  public ResourceFacts {
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
  }
}
