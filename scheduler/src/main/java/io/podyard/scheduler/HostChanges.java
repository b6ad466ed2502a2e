package io.podyard.scheduler;

import java.util.Arrays;

/** The rows in the order in which they changed last: whoever knows a time sees what came since. */
final class HostChanges {

  /** No such row. */
  static final int NONE = -1;

  /** When a row changed last; that of rows which have not is before all times. */
  private long[] times = {};

  /** The neighbours of each row in that order, of those that have changed. */
  private int[] earlier = {};

  private int[] later = {};
  private int latest = NONE;
  private long now;

  /** Rows came, went or moved: what was before is not known. */
  void forget(int rows) {
    if (times.length < rows) {
      times = new long[2 * rows];
      earlier = new int[2 * rows];
      later = new int[2 * rows];
    }
    Arrays.fill(times, NONE);
    latest = NONE;
  }

  void changed(int row) {
    if (row != latest) {
      if (times[row] != NONE) {
        leave(row);
      }
      earlier[row] = latest;
      if (latest != NONE) {
        later[latest] = row;
      }
      latest = row;
    }
    times[row] = now++;
  }

  /** Of a row that is not the latest: its neighbours become each other's. */
  private void leave(int row) {
    earlier[later[row]] = earlier[row];
    if (earlier[row] != NONE) {
      later[earlier[row]] = later[row];
    }
  }

  /** The time of the next change. */
  long now() {
    return now;
  }

  /** The row that changed last, if it did so since; or {@link #NONE}. */
  int latest(long since) {
    return latest == NONE || times[latest] < since ? NONE : latest;
  }

  /** The row that changed before another, if it did so since; or {@link #NONE}. */
  int before(int row, long since) {
    int before = earlier[row];
    return before == NONE || times[before] < since ? NONE : before;
  }
}
