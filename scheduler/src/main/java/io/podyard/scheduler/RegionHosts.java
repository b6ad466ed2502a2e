package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of one region in host id order: one row of whole numbers each, scanned from the first
 * to the last. The order of the rows is what gives a tie to the smallest host id.
 */
final class RegionHosts {

  /** No such row. */
  static final int NONE = -1;

  private static final int ZONE = 0;
  private static final int READY = 1;
  private static final int FREE_CPU = 2;
  private static final int FREE_MEMORY = 3;
  private static final int CPU = 4;
  private static final int MEMORY = 5;
  private static final int WIDTH = 6;

  private static final int ANY_ZONE = -1;
  private static final int UNKNOWN_ZONE = -2;
  private static final int ANY_HOST = -1;
  private static final int UNKNOWN_HOST = -2;

  private final Map<ZoneId, Integer> zoneNumbers = new HashMap<>();

  /** As they were put; what is reserved since then is in the rows only. */
  private final List<HostSnapshot> hosts = new ArrayList<>();

  private int[] cells = new int[16 * WIDTH];

  boolean isEmpty() {
    return hosts.isEmpty();
  }

  void put(HostSnapshot host) {
    int found = search(host.id());
    int row = found;
    if (found >= 0) {
      hosts.set(row, host);
    } else {
      row = -found - 1;
      openGap(row);
      hosts.add(row, host);
    }
    Size free = host.free();
    int at = row * WIDTH;
    cells[at + ZONE] = zoneNumbers.computeIfAbsent(host.zone(), zone -> zoneNumbers.size());
    cells[at + READY] = host.schedulable() ? 1 : 0;
    cells[at + FREE_CPU] = free.cpu().value();
    cells[at + FREE_MEMORY] = free.memory().value();
    cells[at + CPU] = host.allocatable().cpu().value();
    cells[at + MEMORY] = host.allocatable().memory().value();
  }

  /** The host must be known. */
  void remove(HostId id) {
    int row = search(id);
    int at = row * WIDTH;
    int end = hosts.size() * WIDTH;
    System.arraycopy(cells, at + WIDTH, cells, at, end - at - WIDTH);
    hosts.remove(row);
  }

  /** The row of the best host that has room, or {@link #NONE}. */
  int best(PlacementRequest request, PlacementPolicy policy) {
    int zone = zoneNumber(request.zone());
    int cpu = request.size().cpu().value();
    int memory = request.size().memory().value();
    int only = only(request.host());
    int end = hosts.size() * WIDTH;
    int best = NONE;
    long bestScore = Long.MAX_VALUE;
    for (int at = 0; at < end; at += WIDTH) {
      if (ruledOut(at, zone, only, cpu, memory) != null) {
        continue;
      }
      long score = score(at, cpu, memory, policy);
      if (score < bestScore) {
        best = at / WIDTH;
        bestScore = score;
      }
    }
    return best;
  }

  /** The score of a row that has room for the size. */
  long score(int row, Size size, PlacementPolicy policy) {
    return score(row * WIDTH, size.cpu().value(), size.memory().value(), policy);
  }

  Explanation explain(PlacementRequest request) {
    ExplanationTally tally = new ExplanationTally(request);
    int zone = zoneNumber(request.zone());
    int cpu = request.size().cpu().value();
    int memory = request.size().memory().value();
    int only = only(request.host());
    for (int at = 0; at < hosts.size() * WIDTH; at += WIDTH) {
      tally.look(
          ruledOut(at, zone, only, cpu, memory),
          cells[at + FREE_CPU],
          cells[at + FREE_MEMORY],
          cells[at + CPU],
          cells[at + MEMORY]);
    }
    return tally.explanation();
  }

  /** Takes the size of a known host's free capacity; false, and no change, if it does not fit. */
  boolean take(HostId id, Size size) {
    int at = search(id) * WIDTH;
    int cpuLeft = cells[at + FREE_CPU] - size.cpu().value();
    int memoryLeft = cells[at + FREE_MEMORY] - size.memory().value();
    if (cpuLeft < 0 || memoryLeft < 0) {
      return false;
    }
    cells[at + FREE_CPU] = cpuLeft;
    cells[at + FREE_MEMORY] = memoryLeft;
    return true;
  }

  /** Gives the size back to a known host; false, and no change, if it has less reserved. */
  boolean give(HostId id, Size size) {
    int at = search(id) * WIDTH;
    if (!size.fitsIn(reserved(at))) {
      return false;
    }
    cells[at + FREE_CPU] += size.cpu().value();
    cells[at + FREE_MEMORY] += size.memory().value();
    return true;
  }

  HostId id(int row) {
    return hosts.get(row).id();
  }

  /** A known host as it is now. */
  HostSnapshot host(HostId id) {
    int row = search(id);
    return hosts.get(row).withReserved(reserved(row * WIDTH));
  }

  private @Nullable RuledOut ruledOut(int at, int zone, int only, int cpu, int memory) {
    return RuledOut.reason(
        zone == ANY_ZONE || zone == cells[at + ZONE],
        only == ANY_HOST || only == at,
        cells[at + READY] == 1,
        cells[at + FREE_CPU],
        cells[at + FREE_MEMORY],
        cpu,
        memory);
  }

  private long score(int at, int cpu, int memory, PlacementPolicy policy) {
    return policy.score(
        cells[at + FREE_CPU] - cpu,
        cells[at + FREE_MEMORY] - memory,
        cells[at + CPU],
        cells[at + MEMORY]);
  }

  private Size reserved(int at) {
    return Size.of(
        cells[at + CPU] - cells[at + FREE_CPU], cells[at + MEMORY] - cells[at + FREE_MEMORY]);
  }

  private int zoneNumber(@Nullable ZoneId zone) {
    return zone == null ? ANY_ZONE : zoneNumbers.getOrDefault(zone, UNKNOWN_ZONE);
  }

  /** Where the row of the only host that will do begins. */
  private int only(@Nullable HostId host) {
    if (host == null) {
      return ANY_HOST;
    }
    int row = search(host);
    return row < 0 ? UNKNOWN_HOST : row * WIDTH;
  }

  /** The row of the host, or {@code -(row it would have) - 1}. */
  private int search(HostId id) {
    int low = 0;
    int high = hosts.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = hosts.get(middle).id().compareTo(id);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private void openGap(int row) {
    int at = row * WIDTH;
    int end = hosts.size() * WIDTH;
    if (end == cells.length) {
      cells = Arrays.copyOf(cells, cells.length * 2);
    }
    System.arraycopy(cells, at, cells, at + WIDTH, end - at);
  }
}
