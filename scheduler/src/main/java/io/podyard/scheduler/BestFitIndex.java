package io.podyard.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the host with the least left over without looking at all. That order of hosts does not
 * depend on the request: hosts are ordered by the {@link Capacity} that is free, and the first that
 * has room is the best.
 *
 * <p>Hosts of one class and with equally many free GPUs share a grid: a row of cells for each step
 * of free vCPU, a bit for each cell of it that has hosts, by steps of free memory, and in each cell
 * a tree of hosts in that order. A search passes only over cells that may have room, the emptiest
 * last, and ends when no cell ahead can beat what it has.
 */
final class BestFitIndex {

  static final int NONE = -1;

  private static final int MEMORY_CELLS = 64;
  private static final int CPU_CELLS = 256;

  /** Shares of one GPU in steps, if none is wholly free; then one level for each that is. */
  private static final int SHARE_LEVELS = 8;

  /** Numbers that say where a host is. */
  private static final int PLACE = 3;

  private static final int LEVELS = SHARE_LEVELS + GpuRequest.MOST + 1;

  private static final class Grid {
    final int cpuShift;
    final int memoryShift;
    final long[] filled = new long[CPU_CELLS];
    final long[] filledRows = new long[CPU_CELLS / 64];
    final int[] roots = new int[CPU_CELLS * MEMORY_CELLS];

    Grid(int cpu, int memory) {
      cpuShift = shift(cpu, CPU_CELLS);
      memoryShift = shift(memory, MEMORY_CELLS);
      Arrays.fill(roots, KeyTrees.NONE);
    }

    private static int shift(int most, int cells) {
      int shift = 0;
      while (most >>> shift >= cells) {
        shift++;
      }
      return shift;
    }

    /** The last cell has all that is more as well: classes may have hosts of several sizes. */
    int cpuCell(int milliCpu) {
      return Math.min(milliCpu >>> cpuShift, CPU_CELLS - 1);
    }

    int memoryCell(int mib) {
      return Math.min(mib >>> memoryShift, MEMORY_CELLS - 1);
    }
  }

  private final HostRows rows;
  private final IntPredicate wanted;
  private final KeyTrees trees = new KeyTrees();
  private final List<@Nullable Grid[]> grids = new ArrayList<>();

  /** Where each host is: its class, or {@link #NONE}, the level of its GPUs and its cell. */
  private int[] places = {};

  private boolean stale = true;
  private long bestKey;

  /**
   * An index of the hosts of such classes.
   *
   * @param wanted by class number
   */
  BestFitIndex(HostRows rows, IntPredicate wanted) {
    this.rows = rows;
    this.wanted = wanted;
  }

  /** Rows came, went or moved: all is made anew at the next search. */
  void forget() {
    stale = true;
  }

  /** What a host has free, or its class, has changed. */
  void changed(int row) {
    if (!stale) {
      take(row);
      put(row);
    }
  }

  /** The best host of these classes that has room, or {@link #NONE}. */
  int best(Need need, int[] among) {
    if (stale) {
      renew();
    }
    bestKey = Long.MAX_VALUE;
    int best = NONE;
    int least =
        need.gpuCount == 0 ? 0 : level(need.gpuMilliEach, need.sharesGpu() ? 0 : need.gpuCount);
    for (int number : among) {
      if (number >= grids.size()) {
        continue;
      }
      @Nullable Grid[] ofClass = grids.get(number);
      for (int level = least; level < ofClass.length; level++) {
        Grid grid = ofClass[level];
        if (grid != null && Capacity.of(need.cpu, need.memory, leastGpu(level)) <= bestKey) {
          best = search(grid, need, leastGpu(level), best);
        }
      }
    }
    return best;
  }

  private int search(Grid grid, Need need, int leastGpu, int found) {
    int best = found;
    int firstCell = grid.memoryCell(need.memory);
    int cpuCell = grid.cpuCell(need.cpu);
    while (true) {
      cpuCell = nextFilled(grid, cpuCell);
      if (cpuCell == NONE) {
        return best;
      }
      int leastCpu = Math.max(cpuCell << grid.cpuShift, need.cpu);
      if (Capacity.of(leastCpu, need.memory, leastGpu) > bestKey) {
        return best;
      }
      long filled = grid.filled[cpuCell] & -1L << firstCell;
      for (; filled != 0; filled &= filled - 1) {
        int memoryCell = Long.numberOfTrailingZeros(filled);
        int leastMemory = Math.max(memoryCell << grid.memoryShift, need.memory);
        if (Capacity.of(leastCpu, leastMemory, leastGpu) > bestKey) {
          break;
        }
        best = first(grid.roots[cpuCell * MEMORY_CELLS + memoryCell], need, best);
      }
      cpuCell++;
    }
  }

  /** The first host in the order of a tree that has room, if it beats the best so far. */
  private int first(int root, Need need, int found) {
    int best = found;
    int row = root;
    while (row != KeyTrees.NONE) {
      long key = trees.key(row);
      if (key < bestKey || (key == bestKey && row < best)) {
        int before = first(trees.left(row), need, best);
        if (before != best) {
          return before;
        }
        if (need.fits(rows, row)) {
          bestKey = key;
          return row;
        }
        row = trees.right(row);
      } else {
        row = trees.left(row);
      }
    }
    return best;
  }

  private static int nextFilled(Grid grid, int from) {
    if (from >= CPU_CELLS) {
      return NONE;
    }
    int word = from >> 6;
    long bits = grid.filledRows[word] & -1L << from;
    while (bits == 0) {
      word++;
      if (word == grid.filledRows.length) {
        return NONE;
      }
      bits = grid.filledRows[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  private void renew() {
    int size = rows.size();
    trees.clear(size);
    grids.clear();
    if (places.length < size * PLACE) {
      places = new int[Math.max(size * PLACE, 2 * places.length)];
    }
    for (int row = 0; row < size; row++) {
      put(row);
    }
    stale = false;
  }

  private void put(int row) {
    int number = rows.classOf(row);
    if (!wanted.test(number)) {
      places[row * PLACE] = NONE;
      return;
    }
    int level = rows.gpuCount(row) == 0 ? 0 : level(rows.freestGpu(row), rows.wholeGpus(row));
    Grid grid = grid(number, level, row);
    int cpuCell = grid.cpuCell(rows.freeCpu(row));
    int memoryCell = grid.memoryCell(rows.freeMemory(row));
    int cell = cpuCell * MEMORY_CELLS + memoryCell;
    long key = Capacity.of(rows.freeCpu(row), rows.freeMemory(row), rows.freeGpu(row));
    grid.roots[cell] = trees.insert(grid.roots[cell], row, key);
    grid.filled[cpuCell] |= 1L << memoryCell;
    grid.filledRows[cpuCell >> 6] |= 1L << cpuCell;
    places[row * PLACE] = number;
    places[row * PLACE + 1] = level;
    places[row * PLACE + 2] = cell;
  }

  private void take(int row) {
    int at = row * PLACE;
    if (places[at] == NONE) {
      return;
    }
    Grid grid = grid(places[at], places[at + 1], row);
    int cell = places[at + 2];
    grid.roots[cell] = trees.remove(grid.roots[cell], row);
    if (grid.roots[cell] == KeyTrees.NONE) {
      int cpuCell = cell / MEMORY_CELLS;
      grid.filled[cpuCell] &= ~(1L << cell % MEMORY_CELLS);
      if (grid.filled[cpuCell] == 0) {
        grid.filledRows[cpuCell >> 6] &= ~(1L << cpuCell);
      }
    }
  }

  private Grid grid(int number, int level, int row) {
    while (grids.size() <= number) {
      grids.add(new Grid[0]);
    }
    @Nullable Grid[] ofClass = grids.get(number);
    if (ofClass.length <= level) {
      ofClass = Arrays.copyOf(ofClass, Math.min(LEVELS, level + SHARE_LEVELS));
      grids.set(number, ofClass);
    }
    Grid grid = ofClass[level];
    if (grid == null) {
      grid = new Grid(rows.cpu(row), rows.memory(row));
      ofClass[level] = grid;
    }
    return grid;
  }

  private static int level(int freest, int whole) {
    return whole > 0 ? SHARE_LEVELS + whole : freest * SHARE_LEVELS / GpuRequest.WHOLE;
  }

  /** Thousandths of GPUs that a host of the level has free at least. */
  private static int leastGpu(int level) {
    return level > SHARE_LEVELS
        ? (level - SHARE_LEVELS) * GpuRequest.WHOLE
        : level * GpuRequest.WHOLE / SHARE_LEVELS;
  }
}
