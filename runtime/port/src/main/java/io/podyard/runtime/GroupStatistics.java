package io.podyard.runtime;

import io.podyard.model.ContainerGroupId;
import java.time.Instant;
import java.util.List;

/**
 * What a group used until one moment. Counters count from the start of what they belong to: a
 * container's from the start of its run, a network interface's and a device's from the start of the
 * sandbox or of the containers that run.
 *
 * @param containers those that run, by name
 * @param interfaces of the group's network, without loopback
 * @param disks block devices that its containers read or wrote; empty where the engine tells of
 *     none
 * @param filesystems whose use the engine knows without having to measure it
 */
public record GroupStatistics(
    ContainerGroupId group,
    Instant at,
    List<OfContainer> containers,
    List<Interface> interfaces,
    List<Disk> disks,
    List<Filesystem> filesystems) {

  public GroupStatistics {
    containers = List.copyOf(containers);
    interfaces = List.copyOf(interfaces);
    disks = List.copyOf(disks);
    filesystems = List.copyOf(filesystems);
  }

  /**
   * A container that runs.
   *
   * @param attempt which run of it; each begins with its own counter
   * @param since when that run began
   * @param cpuNanos CPU time used since then, in nanoseconds of one core; never goes down
   */
  public record OfContainer(
      String container, int attempt, Instant since, long cpuNanos, Memory memory) {}

  /**
   * Memory in bytes, as cAdvisor and a kubelet define it.
   *
   * @param usage all that is charged to the cgroup, the page cache included
   * @param rss anonymous memory: {@code total_rss} of cgroup v1, {@code anon} of v2
   * @param cache the page cache: {@code total_cache} of v1, {@code file} of v2
   * @param workingSet usage without inactive pages of files: what cannot simply be dropped
   * @param available limit without the working set
   */
  public record Memory(long usage, long rss, long cache, long workingSet, long available) {

    /**
     * From what a cgroup says.
     *
     * @param inactiveFile {@code total_inactive_file} of v1, {@code inactive_file} of v2
     * @param limit most that may be used
     */
    public static Memory of(long usage, long rss, long cache, long inactiveFile, long limit) {
      long workingSet = Math.max(0, usage - inactiveFile);
      return new Memory(usage, rss, cache, workingSet, Math.max(0, limit - workingSet));
    }
  }

  /** Counters of a network interface; what is received comes into the group. */
  public record Interface(
      String name,
      long rxBytes,
      long rxPackets,
      long rxErrors,
      long rxDrops,
      long txBytes,
      long txPackets,
      long txErrors,
      long txDrops) {}

  /**
   * Counters of a block device.
   *
   * @param device its name, or its numbers as {@code 8:0} where the name is not known
   * @param reads finished read operations
   * @param writes finished write operations
   */
  public record Disk(String device, long readBytes, long reads, long writeBytes, long writes) {}

  /**
   * A file system.
   *
   * @param name of the volume
   * @param category what kind of storage it is
   * @param capacity bytes it may hold
   * @param used bytes in it
   */
  public record Filesystem(String name, String category, long capacity, long used) {}
}
