package io.podyard.controlplane.metric;

import io.podyard.runtime.GroupStatistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a group used in a window of time, or at one moment. Memory and CPU time are sums over the
 * samples in it and counters are those of its newest sample, so that nothing is lost or rounded
 * however often records are merged.
 *
 * @param at time of the newest sample
 * @param samples how many are in it, 1 or more
 * @param limit what the group may use
 * @param containers by name
 */
record MetricRecord(
    Instant at,
    int samples,
    Limit limit,
    List<Container> containers,
    List<GroupStatistics.Interface> interfaces,
    List<GroupStatistics.Disk> disks,
    List<GroupStatistics.Filesystem> filesystems) {

  MetricRecord {
    containers = List.copyOf(containers);
    interfaces = List.copyOf(interfaces);
    disks = List.copyOf(disks);
    filesystems = List.copyOf(filesystems);
  }

  record Limit(int milliCpu, int memoryMib) {}

  /**
   * One container in it.
   *
   * @param samples in how many of the group's samples it was
   * @param cpuNanos its counter at its newest sample
   * @param cpu CPU time used between samples, and in how much time
   * @param memory sums over its samples, in bytes
   */
  record Container(
      String name, int samples, int milliCpu, long cpuNanos, CpuUse cpu, MemorySums memory) {

    private Container and(Container later) {
      return new Container(
          name,
          samples + later.samples,
          later.milliCpu,
          later.cpuNanos,
          cpu.plus(later.cpu),
          memory.plus(later.memory));
    }
  }

  /**
   * CPU time between samples of the same run.
   *
   * @param nanos used, in nanoseconds of one core
   * @param overMillis time between those samples; 0 if there was none before
   */
  record CpuUse(long nanos, long overMillis) {

    static final CpuUse UNKNOWN = new CpuUse(0, 0);

    private CpuUse plus(CpuUse other) {
      return new CpuUse(nanos + other.nanos, overMillis + other.overMillis);
    }
  }

  /** Sums of {@link GroupStatistics.Memory}. */
  record MemorySums(long usage, long rss, long cache, long workingSet, long available) {

    static final MemorySums NONE = new MemorySums(0, 0, 0, 0, 0);

    static MemorySums of(GroupStatistics.Memory one) {
      return new MemorySums(one.usage(), one.rss(), one.cache(), one.workingSet(), one.available());
    }

    MemorySums plus(MemorySums other) {
      return new MemorySums(
          usage + other.usage,
          rss + other.rss,
          cache + other.cache,
          workingSet + other.workingSet,
          available + other.available);
    }
  }

  /**
   * One record of several.
   *
   * @param inOrder of their times, at least one
   */
  static MetricRecord merged(Collection<MetricRecord> inOrder) {
    MetricRecord last = null;
    int samples = 0;
    Map<String, Container> containers = new TreeMap<>();
    Map<String, GroupStatistics.Interface> interfaces = new LinkedHashMap<>();
    Map<String, GroupStatistics.Disk> disks = new LinkedHashMap<>();
    Map<String, GroupStatistics.Filesystem> filesystems = new LinkedHashMap<>();
    for (MetricRecord one : inOrder) {
      last = one;
      samples += one.samples;
      one.containers.forEach(c -> containers.merge(c.name(), c, Container::and));
      newest(interfaces, one.interfaces, GroupStatistics.Interface::name);
      newest(disks, one.disks, GroupStatistics.Disk::device);
      newest(filesystems, one.filesystems, GroupStatistics.Filesystem::name);
    }
    if (last == null) {
      throw new IllegalArgumentException("nothing to merge");
    }
    return new MetricRecord(
        last.at,
        samples,
        last.limit,
        List.copyOf(containers.values()),
        List.copyOf(interfaces.values()),
        List.copyOf(disks.values()),
        List.copyOf(filesystems.values()));
  }

  private static <T> void newest(Map<String, T> all, List<T> more, Function<T, String> name) {
    more.forEach(one -> all.put(name.apply(one), one));
  }

  /** One record for each window in which there is any, in their order. */
  static List<MetricRecord> byWindow(List<MetricRecord> inOrder, long windowSeconds) {
    Map<Long, List<MetricRecord>> windows = new TreeMap<>();
    for (MetricRecord one : inOrder) {
      windows.computeIfAbsent(window(one.at, windowSeconds), _ -> new ArrayList<>()).add(one);
    }
    return windows.values().stream().map(MetricRecord::merged).toList();
  }

  /** The number of the window that a moment is in; windows are aligned to the epoch. */
  static long window(Instant at, long windowSeconds) {
    return Math.floorDiv(at.getEpochSecond(), windowSeconds);
  }
}
