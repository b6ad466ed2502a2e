package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of an operation that ECI does not have, by their wire names; an empty one counts
 * as absent. All problems are found before any is answered.
 */
final class OwnFields {

  private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private final Map<String, String> values;
  private final List<Problem> problems = new ArrayList<>();

  OwnFields(Map<String, String> values) {
    this.values = values;
  }

  @Nullable String text(String name) {
    String value = values.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** A text that must be there; empty after the problem is noted. */
  String required(String name) {
    String value = text(name);
    if (value == null) {
      problems.add(Problem.missing(name));
      return "";
    }
    return value;
  }

  @Nullable Instant time(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      Instant time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(value, Instant::from);
      if (!time.isBefore(FIRST_TIME) && !time.isAfter(LAST_TIME)) {
        return time;
      }
    } catch (DateTimeException e) {
      // said below
    }
    refuse(name, value, "must be a time such as 2018-08-02T15:00:00Z");
    return null;
  }

  /** How many rows of a page. */
  int limit(String name, int absent, int most) {
    String value = text(name);
    if (value == null) {
      return absent;
    }
    if (!value.matches("[0-9]{1,9}")
        || Integer.parseInt(value) < 1
        || Integer.parseInt(value) > most) {
      refuse(name, value, "must be from 1 to " + most);
      return absent;
    }
    return Integer.parseInt(value);
  }

  /**
   * An id, or a token that is the id of the last row of the page before.
   *
   * @param type makes it, refusing what cannot be one
   */
  <T> @Nullable T id(String name, Function<String, T> type) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      return type.apply(value);
    } catch (IllegalArgumentException e) {
      refuse(name, value, "is none that this server has given out");
      return null;
    }
  }

  void refuse(String name, @Nullable String value, String message) {
    problems.add(new Problem(ErrorCode.INVALID_PARAMETER, name, value, message));
  }

  /**
   * To be called when everything is read.
   *
   * @throws ApiException if anything was wrong
   */
  void check() {
    if (!problems.isEmpty()) {
      throw new ApiException(problems);
    }
  }
}
