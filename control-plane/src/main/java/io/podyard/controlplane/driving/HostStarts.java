package io.podyard.controlplane.driving;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;

/**
 * Lets only a part of the groups of a host be started at the same time: a host takes few starts at
 * once, and those that wait there for their turn must not take the places of what takes no time,
 * such as a look or a stop. The other groups stand in line without a place, and are woken, first
 * come, first served.
 *
 * <p>A host may start half as many as places are free: alone a third of all, and with others so
 * many that as long as there are more places than hosts each finds some for the rest of its work.
 */
final class HostStarts {

  private static final class Line {
    private int starting;

    /** Those that wait, and whether they were woken since they looked. */
    private final Map<ContainerGroupId, Boolean> waiting = new LinkedHashMap<>();

    /** Whether a group is among the first so many; one that is not in the line is behind it. */
    boolean isAmong(int first, ContainerGroupId group) {
      int ahead = 0;
      for (ContainerGroupId other : waiting.keySet()) {
        if (ahead >= first || other.equals(group)) {
          break;
        }
        ahead++;
      }
      return ahead < first;
    }

    List<ContainerGroupId> call(int first) {
      List<ContainerGroupId> called = new ArrayList<>();
      int ahead = 0;
      for (Map.Entry<ContainerGroupId, Boolean> entry : waiting.entrySet()) {
        if (ahead++ >= first) {
          break;
        }
        if (!entry.getValue()) {
          entry.setValue(true);
          called.add(entry.getKey());
        }
      }
      return called;
    }
  }

  private final IntSupplier free;
  private final BiConsumer<HostId, ContainerGroupId> wake;
  private final Map<HostId, Line> lines = new HashMap<>();
  private final Map<ContainerGroupId, HostId> hosts = new HashMap<>();

  /**
   * @param free how many places for work are free
   * @param wake has a group looked at that can be started now
   */
  HostStarts(IntSupplier free, BiConsumer<HostId, ContainerGroupId> wake) {
    this.free = free;
    this.wake = wake;
  }

  /**
   * Whether a group may be started now; {@link #end} is to be called then. If not, it stands in
   * line from now on, and is woken.
   */
  boolean begin(HostId host, ContainerGroupId group) {
    int most = most();
    synchronized (this) {
      Line line = lines.computeIfAbsent(host, _ -> new Line());
      if (line.isAmong(most - line.starting, group)) {
        line.waiting.remove(group);
        hosts.remove(group);
        line.starting++;
        return true;
      }
      line.waiting.put(group, false);
      hosts.put(group, host);
      return false;
    }
  }

  /**
   * Whether a group that is only to be started stands in line already, or does from now on because
   * it cannot be started now. What it is need not be read before it is woken.
   */
  boolean stepsBehind(HostId host, ContainerGroupId group) {
    int most = most();
    synchronized (this) {
      if (hosts.containsKey(group)) {
        return true;
      }
      Line line = lines.get(host);
      if (line == null || line.isAmong(most - line.starting, group)) {
        return false;
      }
      line.waiting.put(group, false);
      hosts.put(group, host);
      return true;
    }
  }

  /** Whether a group stands in line. */
  synchronized boolean isInLine(ContainerGroupId group) {
    return hosts.containsKey(group);
  }

  /** A start is over, well or not. */
  void end(HostId host) {
    int most = most();
    List<ContainerGroupId> called;
    synchronized (this) {
      Line line = lines.get(host);
      if (line == null) {
        throw new IllegalStateException("nothing is started on " + host);
      }
      line.starting--;
      called = next(host, line, most);
    }
    called.forEach(group -> wake.accept(host, group));
  }

  /** A group is not to be started, or not now; it may stand in line. */
  void leave(ContainerGroupId group) {
    int most = most();
    HostId host;
    List<ContainerGroupId> called;
    synchronized (this) {
      host = hosts.remove(group);
      Line line = host == null ? null : lines.get(host);
      if (host == null || line == null) {
        return;
      }
      line.waiting.remove(group);
      called = next(host, line, most);
    }
    called.forEach(other -> wake.accept(host, other));
  }

  private List<ContainerGroupId> next(HostId host, Line line, int most) {
    if (line.starting == 0 && line.waiting.isEmpty()) {
      lines.remove(host);
    }
    return line.call(most - line.starting);
  }

  /** One is always allowed, so that whoever stands in line waits for somebody. */
  private int most() {
    return Math.max(1, free.getAsInt() / 2);
  }
}
