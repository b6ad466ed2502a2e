package io.podyard.model;

/** A vSwitch: addresses of an account in one zone. */
public record VSwitchId(String value) implements Comparable<VSwitchId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public VSwitchId {
    Identifier.check("VSwitchId", value);
  }

  @Override
  public int compareTo(VSwitchId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
