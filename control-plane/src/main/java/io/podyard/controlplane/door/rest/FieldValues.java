package io.podyard.controlplane.door.rest;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one request while they are collected, by their wire names, and what is wrong with
 * them so far.
 */
final class FieldValues {

  /** More problems than anyone reads; bounds what a hostile request can make of its bytes. */
  private static final int MOST_PROBLEMS = 100;

  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  Map<String, String> values() {
    return values;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Takes a value; a second, different one is refused. */
  void put(String wireName, String value, String shownAs) {
    String before = values.putIfAbsent(wireName, value);
    if (before != null && !before.equals(value)) {
      refuse(shownAs, "is given twice with different values");
    }
  }

  /** Notes a problem. No value is shown: it may be a secret under a misspelled name. */
  void refuse(String shownAs, String message) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(Problem.of(ErrorCode.INVALID_PARAMETER, shownAs, message));
    }
  }
}
