package io.podyard.controlplane.tag;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is done to the tags of a resource. */
public sealed interface TagEdit {

  /** Adds tags; those of the same key get the new value. */
  record Put(Map<String, String> tags) implements TagEdit {
    public Put {
      tags = Map.copyOf(tags);
    }
  }

  /** Removes tags; keys that are not there do no harm. */
  record Remove(Set<String> keys) implements TagEdit {
    public Remove {
      keys = Set.copyOf(keys);
    }
  }

  /** Removes all tags. */
  record RemoveAll() implements TagEdit {}

  /** The tags afterwards. */
  default SortedMap<String, String> applied(Map<String, String> tags) {
    SortedMap<String, String> result = new TreeMap<>(tags);
    switch (this) {
      case Put(Map<String, String> added) -> result.putAll(added);
      case Remove(Set<String> keys) -> result.keySet().removeAll(keys);
      case RemoveAll all -> result.clear();
    }
    return result;
  }
}
