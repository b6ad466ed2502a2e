package io.podyard.scheduler;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the host with the least left over without looking at all. That order of hosts does not
 * depend on the request: hosts are ordered by the {@link Capacity} that is free, and the first that
 * has room is the best.
 *
 * <p>Hosts of one class and with equally many free GPUs share a grid: a row of cells for each step
 * of free vCPU, a bit for each cell of it that has hosts, by steps of free memory, and for each
 * such cell a tree of hosts in that order. A search passes only over cells that may have room, the
 * emptiest last, and ends when no cell ahead can beat what it has. Hosts without free vCPU or
 * memory are in none of them: of a fleet that is nearly full they are many.
 */
final class BestFitIndex {

  static final int NONE = -1;

  private static final int MEMORY_CELLS = 64;
  private static final int CPU_CELLS = 64;

  /** Shares of one GPU in steps, if none is wholly free; then one level for each that is. */
  private static final int SHARE_LEVELS = 8;

  private static final int[] NO_SLOTS = {};

  /** As many as a set of bits has; hosts with more wholly free devices share the last. */
  private static final int LEVELS = Long.SIZE;

  /** Thousandths of GPUs that a host of each level has free at least. */
  private static final int[] LEAST_GPU = new int[LEVELS];

  static {
    for (int level = 0; level < LEVELS; level++) {
      LEAST_GPU[level] =
          level > SHARE_LEVELS
              ? (level - SHARE_LEVELS) * GpuRequest.WHOLE
              : level * GpuRequest.WHOLE / SHARE_LEVELS;
    }
  }

  private static final class Grid {
    final int classNumber;
    final int level;
    final int cpuShift;
    final int memoryShift;
    final long[] filled = new long[CPU_CELLS];
    long filledRows;

    /** The slots of cells that have hosts; there may be very many grids with few of them. */
    final int[][] slots = new int[CPU_CELLS][];

    Grid(int classNumber, int level, int cpu, int memory) {
      this.classNumber = classNumber;
      this.level = level;
      cpuShift = shift(cpu, CPU_CELLS);
      memoryShift = shift(memory, MEMORY_CELLS);
      Arrays.fill(slots, NO_SLOTS);
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
  private final KeyTrees trees;

  /** By class and level. */
  private @Nullable Grid[][] grids = {};

  /** The levels of each class that have hosts. */
  private long[] filledLevels = {};

  /** A slot for each cell that has hosts: the root of their tree, and where the cell is. */
  private int[] roots = new int[64];

  private int[] cells = new int[64];
  private @Nullable Grid[] gridOf = new @Nullable Grid[64];
  private int slots;

  /** Slots whose cells have no hosts any more, each naming the next in the place of its root. */
  private int freeSlot = NONE;

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
    this.trees = new KeyTrees(rows);
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

  /**
   * Whether a search finds all hosts that may have room, which it does unless nothing is needed.
   */
  static boolean canFind(Need need) {
    return need.cpu > 0 && need.memory > 0;
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
    long filled = 0;
    for (int number : among) {
      filled |= filledLevels(number);
    }
    for (filled &= -1L << least; filled != 0; filled &= filled - 1) {
      int level = Long.numberOfTrailingZeros(filled);
      if (Capacity.of(need.cpu, need.memory, LEAST_GPU[level]) > bestKey) {
        return best;
      }
      for (int number : among) {
        if ((filledLevels(number) >>> level & 1) == 1) {
          best = search(Objects.requireNonNull(grids[number][level]), need, LEAST_GPU[level], best);
        }
      }
    }
    return best;
  }

  private long filledLevels(int number) {
    return number < filledLevels.length ? filledLevels[number] : 0;
  }

  private int search(Grid grid, Need need, int leastGpu, int found) {
    int best = found;
    int firstCell = grid.memoryCell(need.memory);
    long filledRows = grid.filledRows & -1L << grid.cpuCell(need.cpu);
    for (; filledRows != 0; filledRows &= filledRows - 1) {
      int cpuCell = Long.numberOfTrailingZeros(filledRows);
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
        best = first(roots[grid.slots[cpuCell][memoryCell]], need, best);
      }
    }
    return best;
  }

  /** The first host in the order of a tree that has room, if it beats the best so far. */
  private int first(int root, Need need, int found) {
    int best = found;
    int row = root;
    while (row != KeyTrees.NONE) {
      long key = rows.key(row);
      if (key < bestKey || (key == bestKey && row < best)) {
        int before = first(rows.left(row), need, best);
        if (before != best) {
          return before;
        }
        if (need.fits(rows, row)) {
          bestKey = key;
          return row;
        }
        row = rows.right(row);
      } else {
        row = rows.left(row);
      }
    }
    return best;
  }

  private void renew() {
    grids = new @Nullable Grid[0][];
    filledLevels = new long[0];
    slots = 0;
    freeSlot = NONE;
    Arrays.fill(gridOf, null);
    for (int row = 0; row < rows.size(); row++) {
      put(row);
    }
    stale = false;
  }

  private void put(int row) {
    int number = rows.classOf(row);
    int cpu = rows.freeCpu(row);
    int memory = rows.freeMemory(row);
    if (cpu == 0 || memory == 0 || !wanted.test(number)) {
      rows.setSlot(row, NONE);
      return;
    }
    int level = rows.gpuCount(row) == 0 ? 0 : level(rows.freestGpu(row), rows.wholeGpus(row));
    int slot = slot(grid(number, level, row), cpu, memory);
    roots[slot] = trees.insert(roots[slot], row, Capacity.of(cpu, memory, rows.freeGpu(row)));
    rows.setSlot(row, slot);
  }

  private void take(int row) {
    int slot = rows.slot(row);
    if (slot == NONE) {
      return;
    }
    int root = trees.remove(roots[slot], row);
    roots[slot] = root;
    if (root == KeyTrees.NONE) {
      empty(slot);
    }
  }

  /** The slot of the cell to which a host belongs with so much free. */
  private int slot(Grid grid, int cpu, int memory) {
    int cpuCell = grid.cpuCell(cpu);
    int memoryCell = grid.memoryCell(memory);
    int[] ofCpu = grid.slots[cpuCell];
    if (ofCpu.length == 0) {
      ofCpu = new int[MEMORY_CELLS];
      grid.slots[cpuCell] = ofCpu;
    }
    if ((grid.filled[cpuCell] >>> memoryCell & 1) == 0) {
      grid.filled[cpuCell] |= 1L << memoryCell;
      grid.filledRows |= 1L << cpuCell;
      filledLevels[grid.classNumber] |= 1L << grid.level;
      ofCpu[memoryCell] = newSlot(grid, cpuCell * MEMORY_CELLS + memoryCell);
    }
    return ofCpu[memoryCell];
  }

  private int newSlot(Grid grid, int cell) {
    int slot = freeSlot;
    if (slot != NONE) {
      freeSlot = roots[slot];
    } else {
      slot = slots++;
      if (slot == roots.length) {
        roots = Arrays.copyOf(roots, 2 * slot);
        cells = Arrays.copyOf(cells, 2 * slot);
        gridOf = Arrays.copyOf(gridOf, 2 * slot);
      }
    }
    roots[slot] = KeyTrees.NONE;
    cells[slot] = cell;
    gridOf[slot] = grid;
    return slot;
  }

  private void empty(int slot) {
    Grid grid = Objects.requireNonNull(gridOf[slot]);
    int cpuCell = cells[slot] / MEMORY_CELLS;
    grid.filled[cpuCell] &= ~(1L << cells[slot] % MEMORY_CELLS);
    if (grid.filled[cpuCell] == 0) {
      grid.filledRows &= ~(1L << cpuCell);
      if (grid.filledRows == 0) {
        filledLevels[grid.classNumber] &= ~(1L << grid.level);
      }
    }
    roots[slot] = freeSlot;
    freeSlot = slot;
  }

  private Grid grid(int number, int level, int row) {
    if (grids.length <= number) {
      int before = grids.length;
      grids = Arrays.copyOf(grids, 2 * number + 1);
      Arrays.fill(grids, before, grids.length, new @Nullable Grid[0]);
      filledLevels = Arrays.copyOf(filledLevels, grids.length);
    }
    if (grids[number].length <= level) {
      grids[number] = Arrays.copyOf(grids[number], Math.min(LEVELS, level + SHARE_LEVELS));
    }
    Grid grid = grids[number][level];
    if (grid == null) {
      grid = new Grid(number, level, rows.cpu(row), rows.memory(row));
      grids[number][level] = grid;
    }
    return grid;
  }

  private static int level(int freest, int whole) {
    return whole > 0
        ? Math.min(SHARE_LEVELS + whole, LEVELS - 1)
        : freest * SHARE_LEVELS / GpuRequest.WHOLE;
  }
}
