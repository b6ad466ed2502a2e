package io.podyard.model;

/** One host of a pool, unique in an installation. */
public record HostId(String value) implements Comparable<HostId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public HostId {
    Identifier.check("HostId", value);
  }

  @Override
  public int compareTo(HostId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
