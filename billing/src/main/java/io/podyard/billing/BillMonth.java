package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.Period;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** The UTC month that a bill is for. */
public record BillMonth(YearMonth value) implements Comparable<BillMonth> {

  /** What has become of the bill of a month. */
  public enum State {
    /** The month has not begun. */
    OPENING,
    /** Lines are added to it. */
    RUNNING,
    /** Nothing is added any more; what is learnt later is on the next open bill. */
    CLOSED
  }

  public static BillMonth containing(Instant instant) {
    return new BillMonth(YearMonth.from(instant.atOffset(ZoneOffset.UTC)));
  }

  /**
   * The bill that a new line for an hour is on: that of its month, or the first open one if that is
   * closed.
   */
  public static BillMonth of(Hour hour, BillMonth firstOpen) {
    BillMonth own = containing(hour.start());
    return own.compareTo(firstOpen) < 0 ? firstOpen : own;
  }

  /**
   * Where the bill stands.
   *
   * @param firstOpen the first month whose bill is not closed
   */
  public State state(Instant now, BillMonth firstOpen) {
    if (compareTo(firstOpen) < 0) {
      return State.CLOSED;
    }
    return now.isBefore(period().start()) ? State.OPENING : State.RUNNING;
  }

  /**
   * A bill has lines of its account, of its month or, late, of an earlier one.
   *
   * @throws IllegalArgumentException if the line is of another account or of a later month
   */
  void requireOn(AccountId account, SettledLine line) {
    if (!line.of().account().equals(account)
        || containing(line.of().hour().start()).compareTo(this) > 0) {
      throw new IllegalArgumentException(
          "not on the bill of %s for %s: %s".formatted(account, this, line));
    }
  }

  public Period period() {
    return new Period(start(value), start(value.plusMonths(1)));
  }

  private static Instant start(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  @Override
  public int compareTo(BillMonth other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
