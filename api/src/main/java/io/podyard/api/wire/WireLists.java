package io.podyard.api.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The list rule of all wire records: absent is empty, entries are never null, nothing changes. */
public final class WireLists {

  private WireLists() {}

  /** An unmodifiable copy without null entries; empty for null. */
  public static <T> List<T> orEmpty(@Nullable List<? extends @Nullable T> list) {
    if (list == null || list.isEmpty()) {
      return List.of();
    }
    List<T> kept = new ArrayList<>(list.size());
    for (T item : list) {
      if (item != null) {
        kept.add(item);
      }
    }
    return Collections.unmodifiableList(kept);
  }
}
