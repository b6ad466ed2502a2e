package io.podyard.billing;

import java.util.Arrays;
import java.util.Optional;

/** Why a settled line has the price that it has. */
public enum ChargeKind {
  /** At the price of the book, or the account's share of it. */
  USAGE("usage"),

  /** What a spot group pays. */
  SPOT("spot"),

  /** Covered by reserved instances, at what those cost. */
  RESERVED("reserved"),

  /** Covered by a savings plan, at the plan's share of the price. */
  SAVINGS_PLAN("savings-plan"),

  /** What of reserved instances or a savings plan was paid for and covered nothing. */
  UNUSED("unused");

  private final String code;

  ChargeKind(String code) {
    this.code = code;
  }

  /** How files and tables name it; never changes. */
  public String code() {
    return code;
  }

  /** The kind whose {@link #code()} this is. */
  public static Optional<ChargeKind> ofCode(String code) {
    return Arrays.stream(values()).filter(kind -> kind.code.equals(code)).findFirst();
  }
}
