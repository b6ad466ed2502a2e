package io.podyard.model;

/** A zone of a region, for example {@code cn-hangzhou-b}. */
public record ZoneId(String value) implements Comparable<ZoneId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public ZoneId {
    Identifier.check("ZoneId", value);
  }

  @Override
  public int compareTo(ZoneId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
