package io.podyard.scheduler;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the best host by any policy. Requests repeat themselves: for each that was seen lately a
 * bound of the score of each host is kept, and at its next turn those hosts alone are looked at
 * again that have changed meanwhile. The score itself is found only where the bound is the lowest
 * of all. One of these serves one group of classes, see {@link ClassFilter}.
 */
final class ScoredShapes {

  static final int NONE = -1;

  /** No room. */
  static final long NEVER = Long.MAX_VALUE;

  /** Shapes of requests are made by users: those are kept that were asked for last. */
  private static final int KEPT = 256;

  private static final long NEVER_SEEN = -1;

  /** Ranks of which the lowest one is kept, so that not all are compared each time. */
  private static final int BLOCK = 16;

  /** Scores hosts. */
  interface Scorer {

    /** What the score of a row is at least, or {@link #NEVER}. */
    long atLeast(int row);

    /** The score of a row that has room. */
    long score(int row);
  }

  /** Ranks are twice a bound, or twice a score and one more: of equal ones the bound is lower. */
  private static final class Shape {
    long[] ranks = {};
    long[] lowest = {};
    long seen = NEVER_SEEN;
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
    while (true) {
      int row = lowest(shape);
      if (row == NONE || isScore(shape.ranks[row])) {
        return row;
      }
      set(shape, row, 2 * scorer.score(row) + 1);
    }
  }

  /** The first row with the lowest rank, or {@link #NONE}. */
  private static int lowest(Shape shape) {
    long lowest = NEVER;
    for (long each : shape.lowest) {
      lowest = Math.min(lowest, each);
    }
    if (lowest == NEVER) {
      return NONE;
    }
    int block = 0;
    while (shape.lowest[block] != lowest) {
      block++;
    }
    int row = block * BLOCK;
    while (shape.ranks[row] != lowest) {
      row++;
    }
    return row;
  }

  private void renew(Shape shape, int rows, Scorer scorer) {
    if (shape.seen == NEVER_SEEN) {
      boundAll(shape, rows, scorer);
    } else {
      int row = changes.latest(shape.seen);
      while (row != HostChanges.NONE) {
        set(shape, row, bound(row, scorer));
        row = changes.before(row, shape.seen);
      }
    }
    shape.seen = changes.now();
  }

  private static void boundAll(Shape shape, int rows, Scorer scorer) {
    int blocks = (rows + BLOCK - 1) / BLOCK;
    if (shape.lowest.length != blocks) {
      shape.lowest = new long[blocks];
      shape.ranks = new long[blocks * BLOCK];
    }
    Arrays.fill(shape.lowest, NEVER);
    Arrays.fill(shape.ranks, NEVER);
    for (int row = 0; row < rows; row++) {
      long rank = bound(row, scorer);
      shape.ranks[row] = rank;
      shape.lowest[row / BLOCK] = Math.min(shape.lowest[row / BLOCK], rank);
    }
  }

  private static long bound(int row, Scorer scorer) {
    long bound = scorer.atLeast(row);
    return bound == NEVER ? NEVER : 2 * bound;
  }

  private static boolean isScore(long rank) {
    return (rank & 1) == 1;
  }

  private static void set(Shape shape, int row, long rank) {
    long before = shape.ranks[row];
    if (rank == before) {
      return;
    }
    shape.ranks[row] = rank;
    int block = row / BLOCK;
    if (rank <= shape.lowest[block]) {
      shape.lowest[block] = rank;
    } else if (before == shape.lowest[block]) {
      long lowest = NEVER;
      for (int each = block * BLOCK; each < (block + 1) * BLOCK; each++) {
        lowest = Math.min(lowest, shape.ranks[each]);
      }
      shape.lowest[block] = lowest;
    }
  }
}
