package io.podyard.billing;

import io.podyard.model.Period;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The meter counts whole UTC seconds; a begun second at either end is dropped. */
public final class WholeSeconds {

  private WholeSeconds() {}

  /** The last whole second that is not after the instant. */
  public static Instant floor(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Both ends floored. */
  public static Period floor(Period period) {
    return new Period(floor(period.start()), floor(period.end()));
  }

  public static boolean isWhole(Instant instant) {
    return instant.getNano() == 0;
  }

  /** The earlier of two instants. */
  static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** The later of two instants. */
  static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
