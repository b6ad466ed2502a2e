package io.podyard.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The indices that list entries of a request had before gaps between them were closed. A list
 * without gaps is not in here.
 */
final class SentIndices {

  static final SentIndices NONE = new SentIndices(Map.of());

  private final Map<String, List<Integer>> byList;

  /**
   * @param byList the indices of the entries there are, by the name of the list as it was sent
   */
  SentIndices(Map<String, List<Integer>> byList) {
    this.byList = Collections.unmodifiableMap(new TreeMap<>(byList));
  }

  /**
   * What the request calls a parameter: {@code Container.1.Image} of a request that has only {@code
   * Container.3} is {@code Container.3.Image}.
   */
  String name(String parameter) {
    if (byList.isEmpty()) {
      return parameter;
    }
    StringBuilder sent = new StringBuilder();
    for (String part : parameter.split("\\.", -1)) {
      int index = FieldPosition.index(part);
      List<Integer> indices = byList.getOrDefault(sent.toString(), List.of());
      if (!sent.isEmpty()) {
        sent.append('.');
      }
      boolean closed = index >= 1 && index <= indices.size();
      sent.append(closed ? indices.get(index - 1).toString() : part);
    }
    return sent.toString();
  }
}
