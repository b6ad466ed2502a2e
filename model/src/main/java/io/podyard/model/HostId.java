package io.podyard.model;

import org.jspecify.annotations.Nullable;

/** One host of a pool, unique in an installation. */
public record HostId(String value) implements Comparable<HostId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public HostId {
    Identifier.check("HostId", value);
  }

  // Written out: hosts are looked up by the ten thousand every second, and what a record has of
  // itself goes through method handles.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostId host && value.equals(host.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
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
