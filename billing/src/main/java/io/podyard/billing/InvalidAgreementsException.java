package io.podyard.billing;

import java.util.List;

/** Agreements that contradict one another, with everything that is wrong with them. */
public final class InvalidAgreementsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  InvalidAgreementsException(List<String> problems) {
    super("the agreements cannot be used: " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence for each mistake. */
  public List<String> problems() {
    return problems;
  }
}
