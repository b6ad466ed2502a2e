package io.podyard.model;

/** A container group, in ECI's form {@code eci-} and twenty lower-case letters or digits. */
public record ContainerGroupId(String value) implements Comparable<ContainerGroupId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public ContainerGroupId {
    Identifier.check("ContainerGroupId", value);
  }

  @Override
  public int compareTo(ContainerGroupId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
