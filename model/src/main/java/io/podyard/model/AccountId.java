package io.podyard.model;

/** The account that owns container groups and pays for them. */
public record AccountId(String value) implements Comparable<AccountId> {

  /**
   * @throws IllegalArgumentException if the value is empty, longer than 128 characters or contains
   *     anything but letters, digits, {@code -}, {@code _} and {@code .}
   */
  public AccountId {
    Identifier.check("AccountId", value);
  }

  @Override
  public int compareTo(AccountId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
