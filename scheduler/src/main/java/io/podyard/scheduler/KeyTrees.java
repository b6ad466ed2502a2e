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

  /** The left and the right child of each row, side by side. */
  private int[] children = {};

  /** Makes room for so many rows; all trees are empty then. */
  void clear(int rows) {
    if (keys.length < rows) {
      int length = Math.max(rows, 2 * keys.length);
      keys = new long[length];
      children = new int[2 * length];
    }
    Arrays.fill(children, NONE);
  }

  long key(int row) {
    return keys[row];
  }

  int left(int row) {
    return children[2 * row];
  }

  int right(int row) {
    return children[2 * row + 1];
  }

  /** Puts a row into the tree with this root, or {@link #NONE}; returns the root from now on. */
  int insert(int root, int row, long key) {
    keys[row] = key;
    children[2 * row] = NONE;
    children[2 * row + 1] = NONE;
    return insert(root, row);
  }

  /** Takes a row out of the tree with this root; returns the root from now on. */
  int remove(int root, int row) {
    if (root == row) {
      return merge(children[2 * row], children[2 * row + 1]);
    }
    int at = root;
    while (true) {
      boolean smaller = before(row, at);
      int next = smaller ? children[2 * at] : children[2 * at + 1];
      if (next == row) {
        int rest = merge(children[2 * row], children[2 * row + 1]);
        if (smaller) {
          children[2 * at] = rest;
        } else {
          children[2 * at + 1] = rest;
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
      children[2 * root] = insert(children[2 * root], row);
    } else {
      children[2 * root + 1] = insert(children[2 * root + 1], row);
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
          children[2 * row] = at;
        } else {
          children[2 * lastBefore + 1] = at;
        }
        lastBefore = at;
        at = children[2 * at + 1];
      } else {
        if (lastBehind == NONE) {
          children[2 * row + 1] = at;
        } else {
          children[2 * lastBehind] = at;
        }
        lastBehind = at;
        at = children[2 * at];
      }
    }
    if (lastBefore != NONE) {
      children[2 * lastBefore + 1] = NONE;
    }
    if (lastBehind != NONE) {
      children[2 * lastBehind] = NONE;
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
      children[2 * before + 1] = merge(children[2 * before + 1], behind);
      return before;
    }
    children[2 * behind] = merge(before, children[2 * behind]);
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
