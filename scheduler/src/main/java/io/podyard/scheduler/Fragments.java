package io.podyard.scheduler;

import io.podyard.scheduler.RequestMix.Shape;
import io.podyard.scheduler.RequestMix.Typical;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The free GPU of a host that the typical request can not use, after <i>Beware of Fragmentation</i>
 * (USENIX ATC 2023): all of it for a shape that does not fit or wants no GPU, and what is on
 * devices with too little left for one that does fit; summed over the shapes of the mix by their
 * shares. In 65,536ths of a thousandth of a GPU.
 *
 * <p>It is a sum over the devices. Which shapes can use a device that is shared follows from what
 * is free there, and which want several whole ones from how many there are; and between two
 * thresholds of the mix a host's vCPU and memory make no difference. So the shares are summed once
 * for each such cell of vCPU, memory and model, when a host is first in it.
 */
final class Fragments {

  /** Cells whose sums are kept; their number has no other limit than that of typical shapes. */
  private static final int KEPT = 1 << 14;

  private static final int NO_CELL = -1;

  private final Steps cpuSteps;
  private final Steps memorySteps;
  private final long allShares;
  private final Map<String, Integer> models = new HashMap<>();

  /** The shapes that fit a model; the first are those of hosts whose model no shape names. */
  private final List<List<Typical>> fitting = new ArrayList<>();

  /** How much is wanted of one device, and how many whole ones beside others. */
  private final Steps milliSteps;

  private final Steps countSteps;

  /** By what is free of a device, the place of its sum. */
  private final int[] places = new int[GpuRequest.WHOLE + 1];

  /** By how many devices are wholly free, the place of that sum, which is behind the others. */
  private final int[] countPlaces = new int[GpuRequest.MOST + 1];

  /** Which cell's sums are kept where. */
  private final int[] cells = new int[KEPT];

  private final int[][] sums = new int[KEPT][];

  Fragments(RequestMix mix) {
    List<Typical> shapes =
        mix.typical().stream().filter(typical -> typical.shape().gpus().count() > 0).toList();
    allShares = mix.typical().stream().mapToLong(Typical::share).sum();
    cpuSteps = new Steps(shapes.stream().mapToInt(one -> cpu(one.shape())));
    memorySteps = new Steps(shapes.stream().mapToInt(one -> memory(one.shape())));
    milliSteps = new Steps(shapes.stream().mapToInt(one -> one.shape().gpus().milliEach()));
    countSteps = new Steps(shapes.stream().mapToInt(one -> one.shape().gpus().count()));
    Arrays.setAll(places, milliSteps::rank);
    Arrays.setAll(countPlaces, whole -> milliSteps.ranks() + countSteps.rank(whole));
    Arrays.fill(cells, NO_CELL);
    fitting.add(fitting("", shapes));
    TreeSet<String> named = new TreeSet<>();
    shapes.forEach(one -> named.addAll(one.shape().gpuModels()));
    for (String model : named) {
      models.put(model, fitting.size());
      fitting.add(fitting(model, shapes));
    }
  }

  /** The number by which a {@link Spot} tells its model. */
  int model(String name) {
    return models.getOrDefault(name, 0);
  }

  /** The sums of the cell that a host is in as it is. */
  int[] sharesNow(Spot spot) {
    return shares(spot.gpuModel, spot.freeCpu, spot.freeMemory);
  }

  /** The fragments of a host as it is. */
  long now(Spot spot) {
    return unusable(spot, 0, spot.freeGpu, spot.sharesNow);
  }

  /** The fragments of a host as it would be. */
  long left(Spot spot) {
    int[] shares = shares(spot.gpuModel, spot.cpuLeft, spot.memoryLeft);
    return unusable(spot, spot.devices, spot.gpuLeft, shares);
  }

  /**
   * By how much they grow at least, which may be a negative number: whichever devices are taken,
   * what is taken is lost for all shapes that want as much of one device or less.
   */
  long growthAtLeast(Spot spot) {
    int taken = spot.freeGpu - spot.gpuLeft;
    if (taken == 0) {
      return 0;
    }
    long lost = spot.sharesNow[places[spot.milliEach]];
    return (lost - allShares) * taken;
  }

  private long unusable(Spot spot, long taken, int free, int[] shares) {
    long usable = 0;
    int whole = 0;
    for (int device = 0; device < spot.gpuCount; device++) {
      int left = spot.left(device, taken);
      usable += (long) left * shares[places[left]];
      whole += left / GpuRequest.WHOLE;
    }
    usable += (long) whole * GpuRequest.WHOLE * shares[countPlaces[whole]];
    return allShares * free - usable;
  }

  /** The sums of the cell, which are the shares of shapes that want at most so much. */
  private int[] shares(int model, int milliCpu, int mib) {
    int cpu = cpuSteps.rank(milliCpu);
    int memory = memorySteps.rank(mib);
    int cell = (model * cpuSteps.ranks() + cpu) * memorySteps.ranks() + memory;
    int kept = cell & KEPT - 1;
    if (cells[kept] != cell) {
      sums[kept] = sums(fitting.get(model), cpu, memory);
      cells[kept] = cell;
    }
    return sums[kept];
  }

  private int[] sums(List<Typical> shapes, int cpu, int memory) {
    int[] sums = new int[milliSteps.ranks() + countSteps.ranks()];
    for (Typical one : shapes) {
      Shape shape = one.shape();
      if (cpuSteps.rank(cpu(shape)) <= cpu && memorySteps.rank(memory(shape)) <= memory) {
        GpuRequest gpus = shape.gpus();
        int place = gpus.count() == 1 ? places[gpus.milliEach()] : countPlaces[gpus.count()];
        sums[place] += one.share();
      }
    }
    for (int place = 1; place < sums.length; place++) {
      if (place != milliSteps.ranks()) {
        sums[place] += sums[place - 1];
      }
    }
    return sums;
  }

  private static List<Typical> fitting(String model, List<Typical> shapes) {
    return shapes.stream()
        .filter(one -> one.shape().gpuModels().isEmpty() || one.shape().gpuModels().contains(model))
        .toList();
  }

  private static int cpu(Shape shape) {
    return shape.size().cpu().value();
  }

  private static int memory(Shape shape) {
    return shape.size().memory().value();
  }
}
