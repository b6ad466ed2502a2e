package io.podyard.model;

/**
 * One Podyard installation: all processes on one database. Objects of another installation are
 * never touched.
 */
public record InstallationId(String value) implements Comparable<InstallationId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public InstallationId {
    Identifier.check("InstallationId", value);
  }

  @Override
  public int compareTo(InstallationId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
