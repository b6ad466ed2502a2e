package io.podyard.controlplane.door.signature;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decoded parameters of a request.
 *
 * @param query those of the query, in their order
 * @param all those of the query and of the form body, by name; empty where only the query is asked
 */
public record Parameters(List<Map.Entry<String, String>> query, Map<String, String> all) {

  /** A value that is there and not empty. */
  public @Nullable String given(String name) {
    String value = all.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
