package io.podyard.controlplane.judge;

/**
 * A broken rule.
 *
 * @param rule which
 * @param subject the group, host or token it is about
 * @param kind in which way it is broken: the same in each look that finds the same, although what
 *     the message counts may have changed meanwhile
 * @param message what was found
 */
public record Violation(Rule rule, String subject, String kind, String message) {

  /** One whose message counts nothing that may change while it lasts. */
  Violation(Rule rule, String subject, String message) {
    this(rule, subject, message, message);
  }

  @Override
  public String toString() {
    return "rule %d (%s): %s: %s".formatted(rule.number(), rule.words(), subject, message);
  }
}
