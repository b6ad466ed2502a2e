package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import org.jspecify.annotations.Nullable;

/**
 * A variable: a key and either a value or a reference to a field of the group.
 *
 * @param key 1 to 128 characters
 * @param value 0 to 256 characters
 */
public record EnvironmentVarRequest(
    @Nullable FieldRef fieldRef, @Nullable String key, @FreeText @Nullable String value) {

  /** A plain variable. */
  public static EnvironmentVarRequest of(String key, String value) {
    return new EnvironmentVarRequest(null, key, value);
  }

  /** Never shows the value: it may be a secret. */
  @Override
  public String toString() {
    return "EnvironmentVarRequest["
        + "fieldRef="
        + fieldRef
        + ", "
        + "key="
        + key
        + ", "
        + "value="
        + (value == null ? "null" : "***")
        + "]";
  }

  /**
   * A field of the group.
   *
   * @param fieldPath only {@code status.podIP}
   */
  public record FieldRef(@Nullable String fieldPath) {}
}
