package io.podyard.controlplane.door.rest;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of one request while they are collected, by their wire names, and what is wrong with
 * them so far.
 */
final class FieldValues {

  /** More problems than anyone reads; bounds what a hostile request can make of its bytes. */
  private static final int MOST_PROBLEMS = 100;

  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> unknown = new HashSet<>();

  Map<String, String> values() {
    return values;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /**
   * Parameters of problems that are no fields, and are therefore called what the request calls
   * them.
   */
  Set<String> unknown() {
    return Set.copyOf(unknown);
  }

  /** Takes a value; a second, different one is refused. */
  void put(String wireName, String value) {
    String before = values.putIfAbsent(wireName, value);
    if (before != null && !before.equals(value)) {
      refuse(wireName, "is given twice with different values");
    }
  }

  /** Notes that a field is wrong. */
  void refuse(String wireName, String message) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(Problem.of(ErrorCode.INVALID_PARAMETER, wireName, message));
    }
  }

  /** Notes something that is no field. No value is shown: it may be a secret, misspelled. */
  void refuseUnknown(String shownAs, String message) {
    if (problems.size() < MOST_PROBLEMS) {
      refuse(shownAs, message);
      unknown.add(problems.getLast().parameter());
    }
  }
}
