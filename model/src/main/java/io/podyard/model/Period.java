package io.podyard.model;

import java.time.Duration;
import java.time.Instant;

/** A half-open interval of time, {@code [start, end)}, in UTC; it may be empty, never negative. */
public record Period(Instant start, Instant end) {

  /**
   * @throws IllegalArgumentException if it ends before it starts
   */
  public Period {
    if (end.isBefore(start)) {
      throw new IllegalArgumentException(
          "a period cannot end before it starts: " + start + " " + end);
    }
  }

  public Duration length() {
    return Duration.between(start, end);
  }

  public boolean isEmpty() {
    return start.equals(end);
  }

  public boolean contains(Instant instant) {
    return !instant.isBefore(start) && instant.isBefore(end);
  }

  public boolean overlaps(Period other) {
    return start.isBefore(other.end) && other.start.isBefore(end);
  }

  /** The common part; empty at the later start if the two do not overlap. */
  public Period intersect(Period other) {
    Instant from = start.isAfter(other.start) ? start : other.start;
    Instant to = end.isBefore(other.end) ? end : other.end;
    return to.isBefore(from) ? new Period(from, from) : new Period(from, to);
  }
}
