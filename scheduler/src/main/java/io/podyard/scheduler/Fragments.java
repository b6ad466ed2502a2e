package io.podyard.scheduler;

import io.podyard.scheduler.RequestMix.Typical;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * The free GPU of a host that the typical request can not use, after <i>Beware of Fragmentation</i>
 * (USENIX ATC 2023): all of it for a shape that does not fit or wants no GPU, and what is on
 * devices with too little left for one that does fit; summed over the shapes of the mix by their
 * shares. In 65,536ths of a thousandth of a GPU.
 *
 * <p>Between two thresholds of the mix a host's vCPU and memory make no difference, so hosts have
 * few distinct states and the answers are kept. They are found by a 64-bit hash of the state; in as
 * many as are looked up in years it is improbable that two share one.
 */
final class Fragments {

  private static final int KEPT = 1 << 14;

  private static final long[] HASHES =
      LongStream.rangeClosed(1, GpuRequest.WHOLE + 1).map(Fragments::mixed).toArray();

  /** The shapes of one model that want the same of GPUs. */
  private record Wanted(GpuRequest gpus, int[][] shares) {}

  private final Steps cpuSteps;
  private final Steps memorySteps;
  private final long allShares;
  private final Map<String, Integer> models = new HashMap<>();

  /** By model; the first is that of hosts whose model no shape names. */
  private final List<Wanted[]> wanted = new ArrayList<>();

  /** Hashes and, behind each, what was found. */
  private final long[] kept = new long[2 * KEPT];

  Fragments(RequestMix mix) {
    List<Typical> shapes =
        mix.typical().stream().filter(typical -> typical.shape().gpus().count() > 0).toList();
    this.allShares = mix.typical().stream().mapToLong(Typical::share).sum();
    this.cpuSteps = new Steps(shapes.stream().mapToInt(one -> one.shape().size().cpu().value()));
    this.memorySteps =
        new Steps(shapes.stream().mapToInt(one -> one.shape().size().memory().value()));
    wanted.add(wantedOf("", shapes));
    TreeSet<String> named = new TreeSet<>();
    shapes.forEach(one -> named.addAll(one.shape().gpuModels()));
    for (String model : named) {
      models.put(model, wanted.size());
      wanted.add(wantedOf(model, shapes));
    }
  }

  /** The number by which a {@link Spot} tells its model. */
  int model(String name) {
    return models.getOrDefault(name, 0);
  }

  /**
   * A device's part of the hash of a host's devices, which is the sum of them in whatever order.
   */
  static long hash(int milli) {
    return HASHES[milli];
  }

  /** The fragments of a host as it is. */
  long now(Spot spot) {
    int cpu = cpuSteps.rank(spot.freeCpu);
    int memory = memorySteps.rank(spot.freeMemory);
    return of(spot, false, spot.gpuHash, cpu, memory);
  }

  /** The fragments of a host as it would be. */
  long left(Spot spot) {
    int cpu = cpuSteps.rank(spot.cpuLeft);
    int memory = memorySteps.rank(spot.memoryLeft);
    return of(spot, true, spot.gpuHashLeft, cpu, memory);
  }

  private long of(Spot spot, boolean left, long gpuHash, int cpu, int memory) {
    long state = ((long) spot.gpuModel << 40) + ((long) cpu << 20) + memory;
    long key = mixed(gpuHash + state * 0xD1342543DE82EF95L);
    int at = ((int) key & KEPT - 1) * 2;
    if (kept[at] != key) {
      kept[at + 1] = fresh(spot, left, cpu, memory);
      kept[at] = key;
    }
    return kept[at + 1];
  }

  private long fresh(Spot spot, boolean left, int cpu, int memory) {
    long usable = 0;
    for (Wanted each : wanted.get(spot.gpuModel)) {
      int share = each.shares()[cpu][memory];
      if (share == 0) {
        continue;
      }
      int milli = each.gpus().milliEach();
      int devices = 0;
      long free = 0;
      for (int device = 0; device < spot.gpuCount; device++) {
        int here = left ? spot.left(device) : spot.free(device);
        if (here >= milli) {
          devices++;
          free += here;
        }
      }
      if (devices >= each.gpus().count()) {
        usable += share * free;
      }
    }
    return allShares * (left ? spot.gpuLeft : spot.freeGpu) - usable;
  }

  private Wanted[] wantedOf(String model, List<Typical> shapes) {
    Map<GpuRequest, int[][]> byGpus = new HashMap<>();
    List<Wanted> list = new ArrayList<>();
    for (Typical one : shapes) {
      if (!one.shape().gpuModels().isEmpty() && !one.shape().gpuModels().contains(model)) {
        continue;
      }
      int[][] shares =
          byGpus.computeIfAbsent(
              one.shape().gpus(),
              gpus -> {
                int[][] none = new int[cpuSteps.ranks()][memorySteps.ranks()];
                list.add(new Wanted(gpus, none));
                return none;
              });
      int cpu = cpuSteps.rank(one.shape().size().cpu().value());
      int memory = memorySteps.rank(one.shape().size().memory().value());
      for (int c = cpu; c < shares.length; c++) {
        for (int m = memory; m < shares[c].length; m++) {
          shares[c][m] += one.share();
        }
      }
    }
    return list.toArray(Wanted[]::new);
  }

  /** The finalizer of SplitMix64: every bit depends on every bit. */
  private static long mixed(long value) {
    long z = value * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
