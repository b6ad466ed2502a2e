package io.podyard.controlplane.inventory;

import java.util.List;

/** An inventory file that cannot be understood. */
public final class InvalidInventoryException extends IllegalArgumentException {

  private final List<String> problems;

  public InvalidInventoryException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Every mistake, with where it is. */
  public List<String> problems() {
    return problems;
  }
}
