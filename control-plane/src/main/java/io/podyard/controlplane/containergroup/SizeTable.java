package io.podyard.controlplane.containergroup;

import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The pairs of vCPU and memory a group can have (contract section 6). */
public final class SizeTable {

  /** What a group has if neither it nor its containers say anything. */
  public static final Size DEFAULT = Size.of(2000, 4096);

  /** The most vCPU and the most memory of any region; there is a size that has both. */
  public static final Size LARGEST = Size.of(64_000, 512 * 1024);

  private static final Set<RegionId> WITH_MORE_SIZES =
      Set.of(
          new RegionId("cn-hangzhou"),
          new RegionId("cn-shanghai"),
          new RegionId("cn-qingdao"),
          new RegionId("cn-beijing"),
          new RegionId("cn-zhangjiakou"),
          new RegionId("cn-huhehaote"),
          new RegionId("cn-wulanchabu"),
          new RegionId("cn-shenzhen"),
          new RegionId("cn-heyuan"),
          new RegionId("cn-guangzhou"),
          new RegionId("cn-chengdu"),
          new RegionId("ap-southeast-1"));

  private static final NavigableMap<MilliCpu, NavigableSet<MemoryMib>> EVERYWHERE = everywhere();
  private static final NavigableMap<MilliCpu, NavigableSet<MemoryMib>> WITH_MORE = withMore();

  private SizeTable() {}

  /**
   * The supported pair a request becomes: the fewest supported vCPU that are enough and come with
   * enough memory, and of those the least memory.
   *
   * @return empty if even the largest pair is too small
   */
  public static Optional<Size> raise(RegionId region, MilliCpu cpu, MemoryMib memory) {
    for (Map.Entry<MilliCpu, NavigableSet<MemoryMib>> row :
        pairs(region).tailMap(cpu, true).entrySet()) {
      MemoryMib enough = row.getValue().ceiling(memory);
      if (enough != null) {
        return Optional.of(new Size(row.getKey(), enough));
      }
    }
    return Optional.empty();
  }

  /** Whether it is a pair of every region. */
  static boolean isEverywhere(Size size) {
    NavigableSet<MemoryMib> memories = EVERYWHERE.get(size.cpu());
    return memories != null && memories.contains(size.memory());
  }

  /** All pairs of a region, by vCPU and then memory. */
  public static List<Size> sizes(RegionId region) {
    List<Size> sizes = new ArrayList<>();
    pairs(region)
        .forEach((cpu, memories) -> memories.forEach(memory -> sizes.add(new Size(cpu, memory))));
    return List.copyOf(sizes);
  }

  private static NavigableMap<MilliCpu, NavigableSet<MemoryMib>> pairs(RegionId region) {
    return WITH_MORE_SIZES.contains(region) ? WITH_MORE : EVERYWHERE;
  }

  private static NavigableMap<MilliCpu, NavigableSet<MemoryMib>> everywhere() {
    NavigableMap<MilliCpu, NavigableSet<MemoryMib>> pairs = new TreeMap<>();
    add(pairs, "0.25", "0.5", "1");
    add(pairs, "0.5", "1", "2");
    add(pairs, "1", "2", "4", "8");
    add(pairs, "2", "1", "2", "4", "8", "16");
    add(pairs, "4", "2", "4", "8", "16", "32");
    add(pairs, "8", "4", "8", "16", "32", "64");
    add(pairs, "12", "12", "24", "48", "96");
    add(pairs, "16", "16", "32", "64", "128");
    add(pairs, "24", "24", "48", "96", "192");
    add(pairs, "32", "32", "64", "128", "256");
    add(pairs, "52", "96", "192", "384");
    add(pairs, "64", "128", "256", "512");
    return pairs;
  }

  private static NavigableMap<MilliCpu, NavigableSet<MemoryMib>> withMore() {
    NavigableMap<MilliCpu, NavigableSet<MemoryMib>> pairs = everywhere();
    add(pairs, "2", "6", "10", "12", "14");
    // Steps of 2 GiB; where a step meets a pair of all regions the set keeps it once.
    add(pairs, "4", steps(6, 30));
    add(pairs, "6", steps(6, 48));
    add(pairs, "8", steps(10, 62));
    return pairs;
  }

  private static String[] steps(int firstGib, int lastGib) {
    return IntStream.iterate(firstGib, gib -> gib <= lastGib, gib -> gib + 2)
        .mapToObj(Integer::toString)
        .toArray(String[]::new);
  }

  private static void add(
      NavigableMap<MilliCpu, NavigableSet<MemoryMib>> pairs, String vcpu, String... gib) {
    NavigableSet<MemoryMib> memories =
        pairs.computeIfAbsent(MilliCpu.ofVcpu(new BigDecimal(vcpu)), cpu -> new TreeSet<>());
    for (String memory : gib) {
      memories.add(MemoryMib.ofGib(new BigDecimal(memory)));
    }
  }
}
