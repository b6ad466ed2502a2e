package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/**
 * A variable of a container.
 *
 * @param value absent where the group hides its values
 */
public record EnvironmentVarResponse(
    @Answered @Nullable String key, @Nullable String value, @Nullable ValueFrom valueFrom) {

  /** A plain variable; the value is null where the group asked for hidden values. */
  public static EnvironmentVarResponse of(String key, @Nullable String value) {
    return new EnvironmentVarResponse(key, value, null);
  }

  /** Never shows the value: it may be a secret. */
  @Override
  public String toString() {
    return "EnvironmentVarResponse["
        + "key="
        + key
        + ", "
        + "value="
        + (value == null ? "null" : "***")
        + ", "
        + "valueFrom="
        + valueFrom
        + "]";
  }

  /** A field of the group. */
  public record FieldRef(@Nullable String fieldPath) {}

  /** Where a value comes from. */
  public record ValueFrom(@Nullable FieldRef fieldRef) {}
}
