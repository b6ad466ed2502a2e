package io.podyard.controlplane.instancetype;

import java.util.List;

/** A file of instance types that cannot be understood. */
public final class InvalidInstanceTypesException extends IllegalArgumentException {

  private final List<String> problems;

  InvalidInstanceTypesException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Every mistake, with its line. */
  public List<String> problems() {
    return problems;
  }
}
