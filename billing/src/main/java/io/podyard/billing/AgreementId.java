package io.podyard.billing;

import java.util.regex.Pattern;

/** A discount, reserved instances or a savings plan of an account. */
public record AgreementId(String value) implements Comparable<AgreementId> {

  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9._-]{1,64}");

  /**
   * @throws IllegalArgumentException unless it has 1 to 64 letters, digits, {@code .}, {@code _}
   *     and {@code -}
   */
  public AgreementId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the id of an agreement has 1 to 64 letters, digits, '.', '_' and '-', not '%s'"
              .formatted(value));
    }
  }

  @Override
  public int compareTo(AgreementId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
