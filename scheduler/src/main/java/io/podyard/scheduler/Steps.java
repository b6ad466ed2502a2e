package io.podyard.scheduler;

import java.util.stream.IntStream;

/** Ascending thresholds, and how many of them a value reaches, found in few steps. */
final class Steps {

  private static final int SLOTS = 1024;

  private final int[] steps;

  /** How many thresholds the smallest value of each slot reaches. */
  private final int[] slots = new int[SLOTS];

  private final int shift;

  /**
   * @param values 0 or more each, in any order, also several times
   */
  Steps(IntStream values) {
    steps = values.sorted().distinct().toArray();
    int most = steps.length == 0 ? 0 : steps[steps.length - 1];
    int enough = 0;
    while (most >>> enough >= SLOTS) {
      enough++;
    }
    shift = enough;
    int reached = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      while (reached < steps.length && steps[reached] <= slot << shift) {
        reached++;
      }
      slots[slot] = reached;
    }
  }

  /** How many ranks there are: from none of the steps to all. */
  int ranks() {
    return steps.length + 1;
  }

  /** How many of the steps are not above the value. */
  int rank(int value) {
    int slot = value >>> shift;
    if (slot >= SLOTS) {
      return steps.length;
    }
    int rank = slots[slot];
    while (rank < steps.length && steps[rank] <= value) {
      rank++;
    }
    return rank;
  }
}
