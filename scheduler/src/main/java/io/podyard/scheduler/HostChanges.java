package io.podyard.scheduler;

import java.util.Arrays;

/** Which rows changed last, in that order; as many changes are remembered as there are rows. */
final class HostChanges {

  private static final long NEVER = -1;

  private int[] rows = new int[16];
  private long[] latest = new long[16];
  private long count;
  private long from;

  /** Rows came, went or moved: what was before is not remembered. */
  void forget(int size) {
    int length = Integer.highestOneBit(Math.max(16, size) * 2 - 1);
    if (rows.length != length) {
      rows = new int[length];
      latest = new long[length];
    }
    Arrays.fill(latest, NEVER);
    count++;
    from = count;
  }

  void changed(int row) {
    rows[(int) count & rows.length - 1] = row;
    latest[row] = count;
    count++;
  }

  /** The number of the next change. */
  long count() {
    return count;
  }

  /** Whether all changes from this number on are known. */
  boolean remembers(long change) {
    return change >= from && count - change <= rows.length;
  }

  int row(long change) {
    return rows[(int) change & rows.length - 1];
  }

  /** Whether the row has not changed once more since. */
  boolean isLatestOfItsRow(long change) {
    return latest[row(change)] == change;
  }
}
