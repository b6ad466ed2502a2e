package io.podyard.billing;

import java.util.Arrays;
import java.util.Optional;

/** Why an hour that was settled already is charged otherwise now. */
public enum Why {
  /** An interval ended earlier than was known: the rest of the hour had been charged. */
  LATE_CLOSE("late-close", "it ended earlier than was known"),

  /** An interval, or its beginning, was not known. */
  LATE_USAGE("late-usage", "it was used more than was known"),

  /** The price book has another price for that time. */
  PRICE_CHANGED("price-changed", "its price is another"),

  /** An agreement was added or ended, or other usage of the account took or left what it covers. */
  COVERAGE_CHANGED("coverage-changed", "discounts cover it otherwise");

  private final String code;
  private final String words;

  Why(String code, String words) {
    this.code = code;
    this.words = words;
  }

  /** How files and tables name it; never changes. */
  public String code() {
    return code;
  }

  /** The end of a sentence for people. */
  public String words() {
    return words;
  }

  /** The reason whose {@link #code()} this is. */
  public static Optional<Why> ofCode(String code) {
    return Arrays.stream(values()).filter(why -> why.code.equals(code)).findFirst();
  }
}
