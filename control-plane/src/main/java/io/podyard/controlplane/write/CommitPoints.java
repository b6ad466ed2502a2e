package io.podyard.controlplane.write;

/**
 * Told of each commit, right before and right after it. What a test that kills the process needs;
 * in production nothing listens.
 */
@FunctionalInterface
public interface CommitPoints {

  enum Side {
    BEFORE,
    AFTER
  }

  CommitPoints NONE = (name, side) -> {};

  void reached(String name, Side side);
}
