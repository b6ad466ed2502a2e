package io.podyard.billing;

import io.podyard.model.Period;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A whole UTC hour, the time that is settled at once.
 *
 * @param start its first second
 */
public record Hour(Instant start) implements Comparable<Hour> {

  public static final long SECONDS = 3600;

  /**
   * @throws IllegalArgumentException if it does not start on the hour
   */
  public Hour {
    if (!isWhole(start)) {
      throw new IllegalArgumentException("an hour starts on the hour, not at " + start);
    }
  }

  /** The hour in which the instant lies. */
  public static Hour containing(Instant instant) {
    return new Hour(instant.truncatedTo(ChronoUnit.HOURS));
  }

  static boolean isWhole(Instant instant) {
    return instant.truncatedTo(ChronoUnit.HOURS).equals(instant);
  }

  /** The first second after it. */
  public Instant end() {
    return start.plusSeconds(SECONDS);
  }

  public Period period() {
    return new Period(start, end());
  }

  public Hour next() {
    return new Hour(end());
  }

  @Override
  public int compareTo(Hour other) {
    return start.compareTo(other.start);
  }

  @Override
  public String toString() {
    return start.toString();
  }
}
