package io.podyard.controlplane.judge;

/**
 * A broken rule.
 *
 * @param rule which
 * @param subject the group, host or token it is about
 * @param message what was found
 */
public record Violation(Rule rule, String subject, String message) {

  @Override
  public String toString() {
    return "rule %d (%s): %s: %s".formatted(rule.number(), rule.words(), subject, message);
  }
}
