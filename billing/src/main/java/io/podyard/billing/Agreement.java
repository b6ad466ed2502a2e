package io.podyard.billing;

import org.jspecify.annotations.Nullable;

/** What an account pays otherwise than the price book says. Begins and ends on the hour. */
public sealed interface Agreement permits AccountDiscount, ReservedInstances, SavingsPlan {

  AgreementId id();

  /** First hour it is valid. */
  Hour from();

  /** First hour it is no longer valid, null for no end. */
  @Nullable Hour to();

  default boolean isValidIn(Hour hour) {
    Hour end = to();
    return hour.compareTo(from()) >= 0 && (end == null || hour.compareTo(end) < 0);
  }

  default boolean overlaps(Agreement other) {
    Hour end = to();
    Hour otherEnd = other.to();
    return (otherEnd == null || from().compareTo(otherEnd) < 0)
        && (end == null || other.from().compareTo(end) < 0);
  }

  /**
   * @throws IllegalArgumentException if there is no time between
   */
  static void requireTime(Hour from, @Nullable Hour to) {
    if (to != null && to.compareTo(from) <= 0) {
      throw new IllegalArgumentException(
          "an agreement must be valid for a time, not from " + from + " to " + to);
    }
  }
}
