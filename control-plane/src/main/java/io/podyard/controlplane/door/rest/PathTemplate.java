package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.door.signature.PercentDecoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with variables, such as {@code /v1/container-groups/{containerGroupId}}. A variable stands
 * for one segment, decoded and never empty.
 */
record PathTemplate(String text) {

  /** Names of the variables, in order. */
  List<String> variables() {
    List<String> names = new ArrayList<>();
    for (String segment : text.split("/", -1)) {
      if (isVariable(segment)) {
        names.add(name(segment));
      }
    }
    return names;
  }

  /**
   * The variables of a path.
   *
   * @param rawPath as it is on the request line
   * @return nothing if it is another path
   */
  Optional<Map<String, String>> match(String rawPath) {
    String[] wanted = text.split("/", -1);
    String[] given = rawPath.split("/", -1);
    if (wanted.length != given.length) {
      return Optional.empty();
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      Optional<String> segment = PercentDecoding.decode(given[i], false);
      if (segment.isEmpty()) {
        return Optional.empty();
      }
      if (isVariable(wanted[i])) {
        if (segment.get().isEmpty()) {
          return Optional.empty();
        }
        variables.put(name(wanted[i]), segment.get());
      } else if (!wanted[i].equals(segment.get())) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }

  private static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  private static String name(String segment) {
    return segment.substring(1, segment.length() - 1);
  }
}
