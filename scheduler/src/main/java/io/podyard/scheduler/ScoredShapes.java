package io.podyard.scheduler;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the best host by any policy. Requests repeat themselves: for each that was seen lately the
 * scores of all hosts are kept, and at its next turn those hosts alone are scored again that have
 * changed meanwhile. One of these serves one group of classes, see {@link ClassFilter}.
 */
final class ScoredShapes {

  static final int NONE = -1;

  /** Shapes of requests are made by users: those are kept that were asked for last. */
  private static final int KEPT = 256;

  /** Scores of which the best one is kept, so that not all are compared each time. */
  private static final int BLOCK = 16;

  /** No room. */
  private static final long NEVER = Long.MAX_VALUE;

  /** Scores a host, which may have no room. */
  interface Scorer {

    /** The score of a row that has room, or {@link Long#MAX_VALUE}. */
    long score(int row);
  }

  private static final class Shape {
    long[] scores = {};
    long[] best = {};
    long seen = -1;
  }

  private final HostChanges changes;
  private final Map<PlacementRequest, Shape> shapes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PlacementRequest, Shape> eldest) {
          return size() > KEPT;
        }
      };

  ScoredShapes(HostChanges changes) {
    this.changes = changes;
  }

  /** Rows moved, or scores mean something else now. */
  void forget() {
    shapes.clear();
  }

  /** The row with the lowest score, the first of several, or {@link #NONE}. */
  int best(PlacementRequest request, int rows, Scorer scorer) {
    Shape shape = shapes.get(request);
    if (shape == null) {
      shape = new Shape();
      shapes.put(request, shape);
    }
    renew(shape, rows, scorer);
    long best = NEVER;
    int bestBlock = NONE;
    for (int block = 0; block < shape.best.length; block++) {
      if (shape.best[block] < best) {
        best = shape.best[block];
        bestBlock = block;
      }
    }
    if (bestBlock == NONE) {
      return NONE;
    }
    int row = bestBlock * BLOCK;
    while (shape.scores[row] != best) {
      row++;
    }
    return row;
  }

  private void renew(Shape shape, int rows, Scorer scorer) {
    if (shape.seen < 0 || !changes.remembers(shape.seen)) {
      scoreAll(shape, rows, scorer);
    } else {
      for (long change = shape.seen; change < changes.count(); change++) {
        if (changes.isLatestOfItsRow(change)) {
          int row = changes.row(change);
          set(shape, row, scorer.score(row));
        }
      }
    }
    shape.seen = changes.count();
  }

  private static void scoreAll(Shape shape, int rows, Scorer scorer) {
    int blocks = (rows + BLOCK - 1) / BLOCK;
    if (shape.best.length != blocks) {
      shape.best = new long[blocks];
      shape.scores = new long[blocks * BLOCK];
    }
    Arrays.fill(shape.best, NEVER);
    Arrays.fill(shape.scores, NEVER);
    for (int row = 0; row < rows; row++) {
      long score = scorer.score(row);
      shape.scores[row] = score;
      shape.best[row / BLOCK] = Math.min(shape.best[row / BLOCK], score);
    }
  }

  private static void set(Shape shape, int row, long score) {
    long before = shape.scores[row];
    if (score == before) {
      return;
    }
    shape.scores[row] = score;
    int block = row / BLOCK;
    if (score <= shape.best[block]) {
      shape.best[block] = score;
    } else if (before == shape.best[block]) {
      long best = NEVER;
      for (int each = block * BLOCK; each < (block + 1) * BLOCK; each++) {
        best = Math.min(best, shape.scores[each]);
      }
      shape.best[block] = best;
    }
  }
}
