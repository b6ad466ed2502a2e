package io.podyard.scheduler;

import java.util.Arrays;

/**
 * Any number of search trees over the hosts of a region, each host in at most one, ordered by a key
 * and then by row. Treaps whose priorities are hashes of the rows: the same hosts make the same
 * trees. Nothing is allocated when a host comes or goes.
 */
final class KeyTrees {

  static final int NONE = -1;

  private long[] keys = {};
  private int[] left = {};
  private int[] right = {};

  /** Makes room for so many rows; all trees are empty then. */
  void clear(int rows) {
    if (keys.length < rows) {
      int length = Math.max(rows, 2 * keys.length);
      keys = new long[length];
      left = new int[length];
      right = new int[length];
    }
    Arrays.fill(left, NONE);
    Arrays.fill(right, NONE);
  }

  long key(int row) {
    return keys[row];
  }

  int left(int row) {
    return left[row];
  }

  int right(int row) {
    return right[row];
  }

  /** Puts a row into the tree with this root, or {@link #NONE}; returns the root from now on. */
  int insert(int root, int row, long key) {
    keys[row] = key;
    left[row] = NONE;
    right[row] = NONE;
    return insert(root, row);
  }

  /** Takes a row out of the tree with this root; returns the root from now on. */
  int remove(int root, int row) {
    if (root == row) {
      return merge(left[row], right[row]);
    }
    int at = root;
    while (true) {
      boolean smaller = before(row, at);
      int next = smaller ? left[at] : right[at];
      if (next == row) {
        int rest = merge(left[row], right[row]);
        if (smaller) {
          left[at] = rest;
        } else {
          right[at] = rest;
        }
        return root;
      }
      at = next;
    }
  }

  private int insert(int root, int row) {
    if (root == NONE) {
      return row;
    }
    if (priority(row) > priority(root)) {
      split(root, row);
      return row;
    }
    if (before(row, root)) {
      left[root] = insert(left[root], row);
    } else {
      right[root] = insert(right[root], row);
    }
    return root;
  }

  /** Hangs what is before the row to its left and the rest to its right. */
  private void split(int root, int row) {
    int at = root;
    int lastBefore = NONE;
    int lastBehind = NONE;
    while (at != NONE) {
      if (before(at, row)) {
        if (lastBefore == NONE) {
          left[row] = at;
        } else {
          right[lastBefore] = at;
        }
        lastBefore = at;
        at = right[at];
      } else {
        if (lastBehind == NONE) {
          right[row] = at;
        } else {
          left[lastBehind] = at;
        }
        lastBehind = at;
        at = left[at];
      }
    }
    if (lastBefore != NONE) {
      right[lastBefore] = NONE;
    }
    if (lastBehind != NONE) {
      left[lastBehind] = NONE;
    }
  }

  private int merge(int before, int behind) {
    if (before == NONE) {
      return behind;
    }
    if (behind == NONE) {
      return before;
    }
    if (priority(before) > priority(behind)) {
      right[before] = merge(right[before], behind);
      return before;
    }
    left[behind] = merge(before, left[behind]);
    return behind;
  }

  private boolean before(int row, int other) {
    return keys[row] < keys[other] || (keys[row] == keys[other] && row < other);
  }

  private static int priority(int row) {
    int hash = row * 0x9E3779B9;
    hash = (hash ^ hash >>> 16) * 0x85EBCA6B;
    return hash ^ hash >>> 13;
  }
}
