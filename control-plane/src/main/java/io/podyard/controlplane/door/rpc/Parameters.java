package io.podyard.controlplane.door.rpc;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decoded parameters of a request.
 *
 * @param query those of the query, in their order
 * @param all those of the query and of the form body
 */
record Parameters(List<Map.Entry<String, String>> query, Map<String, String> all) {

  /** A value that is there and not empty. */
  @Nullable String given(String name) {
    String value = all.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
