package io.podyard.billing;

import java.util.List;

/** A price book that cannot be used, with everything that is wrong with it. */
public final class InvalidPriceBookException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  InvalidPriceBookException(List<String> problems) {
    super("the price book cannot be used: " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence for each mistake. */
  public List<String> problems() {
    return problems;
  }
}
