package io.podyard.model;

/** Hosts of one kind behind one runtime. */
public record PoolId(String value) implements Comparable<PoolId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public PoolId {
    Identifier.check("PoolId", value);
  }

  @Override
  public int compareTo(PoolId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
