package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of an operation that ECI does not have, by their wire names; an empty one counts
 * as absent. All problems are found before any is answered, at most one for each field.
 */
final class OwnFields {

  private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private final Class<? extends Record> type;
  private final Map<String, String> values;
  private final Map<String, Problem> problems = new LinkedHashMap<>();

  /**
   * @param type whose components the fields are
   * @param fields those that were given, and what was found wrong with them already
   */
  OwnFields(Class<? extends Record> type, FieldValues fields) {
    this.type = type;
    this.values = fields.values();
    fields.problems().forEach(this::add);
  }

  @Nullable String text(String name) {
    String value = values.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** A text that must be there and may be empty; empty after the problem is noted. */
  String given(String name) {
    String value = values.get(name);
    if (value == null) {
      add(Problem.missing(name));
      return "";
    }
    return value;
  }

  /** A text that must be there; empty after the problem is noted. */
  String required(String name) {
    String value = text(name);
    if (value == null) {
      add(Problem.missing(name));
      return "";
    }
    return value;
  }

  /** The numbers of the entries of a list that were given, from 1 on, in order. */
  List<Integer> entries(String list) {
    String prefix = list + ".";
    return values.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()).split("\\.", -1)[0])
        .map(Integer::valueOf)
        .distinct()
        .sorted()
        .toList();
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

  /** A whole number from 0 on; null if it is absent or a problem is noted. */
  @Nullable Long number(String name, long most) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    if (!value.matches("[0-9]{1,18}") || Long.parseLong(value) > most) {
      refuse(name, value, "must be a whole number from 0 to " + most);
      return null;
    }
    return Long.parseLong(value);
  }

  /** A number that must be there; null after the problem is noted. */
  @Nullable BigDecimal decimal(String name) {
    String value = required(name);
    if (value.isEmpty()) {
      return null;
    }
    if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      refuse(name, value, "must be a number such as 2 or 0.5");
      return null;
    }
    return new BigDecimal(value);
  }

  /** A number, null if there is none. */
  @Nullable Integer number(String name, int least, int most) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    if (!value.matches("[0-9]{1,10}")
        || Long.parseLong(value) < least
        || Long.parseLong(value) > most) {
      add(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              name,
              value,
              "must be from %d to %d".formatted(least, most)));
      return null;
    }
    return Integer.valueOf(value);
  }

  /** Yes or no; no if nothing is said. */
  boolean flag(String name) {
    String value = text(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (!value.equals("true")) {
      refuse(name, value, "must be true or false");
    }
    return true;
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
    add(new Problem(ErrorCode.INVALID_PARAMETER, name, value, message));
  }

  /** Notes a problem; the first one of a field stays. */
  void add(Problem problem) {
    problems.putIfAbsent(problem.parameter(), problem);
  }

  /**
   * To be called when everything is read.
   *
   * @throws ApiException if anything was wrong: fields in their order, then what is no field
   */
  void check() {
    if (!problems.isEmpty()) {
      Fields fields = Fields.of(type);
      throw new ApiException(
          problems.values().stream()
              .sorted(Comparator.comparingInt(problem -> fields.position(problem.parameter())))
              .toList());
    }
  }
}
