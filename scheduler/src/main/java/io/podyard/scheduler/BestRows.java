package io.podyard.scheduler;

import java.util.ArrayList;
import java.util.List;

/** The few best of hosts that are offered in the order of their rows. */
final class BestRows {

  /** A host that has room: when it has its turn, and how good it is then. */
  record Ranked(int turn, long score, int row) {}

  private final int most;
  private final List<Ranked> best = new ArrayList<>();

  BestRows(int most) {
    this.most = most;
  }

  /** The best first; of equal ones, the first of the rows. */
  List<Ranked> rows() {
    return best;
  }

  void offer(int turn, long score, int row) {
    int place = best.size();
    while (place > 0 && isBetter(turn, score, best.get(place - 1))) {
      place--;
    }
    if (place < most) {
      best.add(place, new Ranked(turn, score, row));
      if (best.size() > most) {
        best.removeLast();
      }
    }
  }

  private static boolean isBetter(int turn, long score, Ranked other) {
    return turn < other.turn() || (turn == other.turn() && score < other.score());
  }
}
