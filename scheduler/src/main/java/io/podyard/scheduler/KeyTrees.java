package io.podyard.scheduler;

/**
 * Any number of search trees over the hosts of a region, each host in at most one, ordered by a key
 * and then by row. Treaps whose priorities are hashes of the rows: the same hosts make the same
 * trees. Nothing is allocated when a host comes or goes; what a tree knows of a host stands beside
 * all else in its row.
 */
final class KeyTrees {

  static final int NONE = -1;

  private final HostRows rows;

  KeyTrees(HostRows rows) {
    this.rows = rows;
  }

  /** Puts a row into the tree with this root, or {@link #NONE}; returns the root from now on. */
  int insert(int root, int row, long key) {
    rows.setKey(row, key);
    rows.setLeft(row, NONE);
    rows.setRight(row, NONE);
    return insert(root, row);
  }

  /** Takes a row out of the tree with this root; returns the root from now on. */
  int remove(int root, int row) {
    if (root == row) {
      return merge(rows.left(row), rows.right(row));
    }
    long key = rows.key(row);
    int at = root;
    while (true) {
      boolean smaller = isBefore(key, row, at);
      int next = smaller ? rows.left(at) : rows.right(at);
      if (next == row) {
        int rest = merge(rows.left(row), rows.right(row));
        if (smaller) {
          rows.setLeft(at, rest);
        } else {
          rows.setRight(at, rest);
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
    long key = rows.key(row);
    int priority = priority(row);
    if (priority > priority(root)) {
      split(root, row);
      return row;
    }
    int at = root;
    while (true) {
      boolean smaller = isBefore(key, row, at);
      int next = smaller ? rows.left(at) : rows.right(at);
      if (next == NONE || priority > priority(next)) {
        split(next, row);
        if (smaller) {
          rows.setLeft(at, row);
        } else {
          rows.setRight(at, row);
        }
        return root;
      }
      at = next;
    }
  }

  /** Hangs what is before the row to its left and the rest to its right. */
  private void split(int root, int row) {
    long key = rows.key(row);
    int at = root;
    int lastBefore = NONE;
    int lastBehind = NONE;
    while (at != NONE) {
      if (isBefore(key, row, at)) {
        if (lastBehind == NONE) {
          rows.setRight(row, at);
        } else {
          rows.setLeft(lastBehind, at);
        }
        lastBehind = at;
        at = rows.left(at);
      } else {
        if (lastBefore == NONE) {
          rows.setLeft(row, at);
        } else {
          rows.setRight(lastBefore, at);
        }
        lastBefore = at;
        at = rows.right(at);
      }
    }
    if (lastBefore != NONE) {
      rows.setRight(lastBefore, NONE);
    }
    if (lastBehind != NONE) {
      rows.setLeft(lastBehind, NONE);
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
      rows.setRight(before, merge(rows.right(before), behind));
      return before;
    }
    rows.setLeft(behind, merge(before, rows.left(behind)));
    return behind;
  }

  private boolean isBefore(long key, int row, int other) {
    long others = rows.key(other);
    return key < others || (key == others && row < other);
  }

  private static int priority(int row) {
    int hash = row * 0x9E3779B9;
    hash = (hash ^ hash >>> 16) * 0x85EBCA6B;
    return hash ^ hash >>> 13;
  }
}
