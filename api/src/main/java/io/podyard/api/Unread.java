package io.podyard.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Parameters that were given but could not be read. They look absent in a draft, and are not to be
 * taken for it: what was refused is not missing.
 */
final class Unread {

  static final Unread NONE = new Unread(List.of());

  private final TreeSet<String> names;

  /**
   * @param names as they were sent
   */
  Unread(Collection<String> names) {
    this.names = new TreeSet<>(names);
  }

  /** These and more. */
  Unread and(Collection<String> more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(more);
    return new Unread(all);
  }

  /** Whether the parameter, or an entry or part of it, could not be read. */
  boolean covers(String parameter) {
    String below = parameter + ".";
    String next = names.ceiling(below);
    return names.contains(parameter) || (next != null && next.startsWith(below));
  }

  /** Whether a problem only says that something is absent which could not be read. */
  boolean explains(Problem problem) {
    return problem.code() == ErrorCode.MISSING_PARAMETER && covers(problem.parameter());
  }
}
