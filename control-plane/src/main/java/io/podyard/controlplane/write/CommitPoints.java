package io.podyard.controlplane.write;

/**
 * Told of each commit and of each engine call that changes something, right before and right after
 * it. What a test that kills the process needs; in production nothing listens.
 */
@FunctionalInterface
public interface CommitPoints {

  enum Side {
    BEFORE,
    AFTER
  }

  CommitPoints NONE = (name, side) -> {};

  /**
   * @param name of the writer or of the engine call
   */
  void reached(String name, Side side);

  /** Tells both, this one first. Where neither listens it is {@link #NONE}, which costs nothing. */
  default CommitPoints and(CommitPoints other) {
    if (this == NONE) {
      return other;
    }
    return other == NONE
        ? this
        : (name, side) -> {
          reached(name, side);
          other.reached(name, side);
        };
  }
}
