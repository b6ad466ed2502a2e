package io.podyard.model;

/** The public half of an access key. */
public record AccessKeyId(String value) implements Comparable<AccessKeyId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public AccessKeyId {
    Identifier.check("AccessKeyId", value);
  }

  @Override
  public int compareTo(AccessKeyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
