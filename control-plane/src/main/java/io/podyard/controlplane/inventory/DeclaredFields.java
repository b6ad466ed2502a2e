package io.podyard.controlplane.inventory;

import org.jspecify.annotations.Nullable;

/** The fields of one declaration, wherever it was written. */
public interface DeclaredFields {

  /** What stands in a field, null if nothing does. */
  @Nullable String text(String name);

  /** Notes what is wrong with a field; the first problem of a field stays. */
  void refuse(String name, @Nullable String value, String message);
}
