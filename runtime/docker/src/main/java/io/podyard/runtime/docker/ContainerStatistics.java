package io.podyard.runtime.docker;

import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.GroupStatistics.Disk;
import io.podyard.runtime.GroupStatistics.Interface;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What the engine's statistics of one container say. Which of the two versions of cgroups the host
 * has shows in the names of their figures.
 */
record ContainerStatistics(JsonNode json) {

  /** Names a block device by its numbers. */
  @FunctionalInterface
  interface Devices {
    String name(long major, long minor);
  }

  /** A container that has ended is answered with zeros and the year 1. */
  boolean isOfARunningOne() {
    return json.path("cpu_stats").path("cpu_usage").path("total_usage").asLong(0) > 0;
  }

  long cpuNanos() {
    return json.path("cpu_stats").path("cpu_usage").path("total_usage").asLong(0);
  }

  /**
   * @param limit what the container may use by its order; the cgroup may have a lower limit
   */
  GroupStatistics.Memory memory(long limit) {
    JsonNode memory = json.path("memory_stats");
    JsonNode parts = memory.path("stats");
    boolean split = parts.has("total_rss");
    long itsLimit = memory.path("limit").asLong(0);
    return GroupStatistics.Memory.of(
        memory.path("usage").asLong(0),
        parts.path(split ? "total_rss" : "anon").asLong(0),
        parts.path(split ? "total_cache" : "file").asLong(0),
        parts.path(split ? "total_inactive_file" : "inactive_file").asLong(0),
        itsLimit > 0 ? Math.min(itsLimit, limit) : limit);
  }

  /** Of a container with a network of its own. */
  List<Interface> interfaces() {
    List<Interface> interfaces = new ArrayList<>();
    for (Map.Entry<String, JsonNode> card : json.path("networks").properties()) {
      JsonNode of = card.getValue();
      interfaces.add(
          new Interface(
              card.getKey(),
              of.path("rx_bytes").asLong(0),
              of.path("rx_packets").asLong(0),
              of.path("rx_errors").asLong(0),
              of.path("rx_dropped").asLong(0),
              of.path("tx_bytes").asLong(0),
              of.path("tx_packets").asLong(0),
              of.path("tx_errors").asLong(0),
              of.path("tx_dropped").asLong(0)));
    }
    return interfaces;
  }

  /** Sums of several containers, by device. */
  static List<Disk> disks(List<ContainerStatistics> containers, Devices devices) {
    Map<String, long[]> sums = new TreeMap<>();
    for (ContainerStatistics container : containers) {
      JsonNode blocks = container.json.path("blkio_stats");
      add(sums, blocks.path("io_service_bytes_recursive"), 0, devices);
      add(sums, blocks.path("io_serviced_recursive"), 1, devices);
    }
    return sums.entrySet().stream()
        .map(
            of ->
                new Disk(
                    of.getKey(),
                    of.getValue()[0],
                    of.getValue()[1],
                    of.getValue()[2],
                    of.getValue()[3]))
        .toList();
  }

  /**
   * @param part 0 for bytes, 1 for operations
   */
  private static void add(Map<String, long[]> sums, JsonNode entries, int part, Devices devices) {
    for (JsonNode entry : entries) {
      int direction =
          switch (entry.path("op").asString("").toLowerCase(Locale.ROOT)) {
            case "read" -> 0;
            case "write" -> 2;
            default -> -1; // sums of these, and what is neither
          };
      if (direction >= 0) {
        String device = devices.name(entry.path("major").asLong(0), entry.path("minor").asLong(0));
        sums.computeIfAbsent(device, _ -> new long[4])[direction + part] +=
            entry.path("value").asLong(0);
      }
    }
  }
}
