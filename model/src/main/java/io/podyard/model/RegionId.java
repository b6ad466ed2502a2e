package io.podyard.model;

/** A region, for example {@code cn-hangzhou}. */
public record RegionId(String value) implements Comparable<RegionId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public RegionId {
    Identifier.check("RegionId", value);
  }

  @Override
  public int compareTo(RegionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
