package io.podyard.scheduler;

import io.podyard.model.Size;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is typically asked for: the most frequent shapes that together cover 95 % of the requests,
 * with their shares, and what all requests together want. {@link
 * PlacementPolicy#FRAGMENTATION_AWARE} keeps hosts useful for it.
 */
public final class RequestMix {

  /** One as a share, and one thousandth of a GPU in scores. */
  static final int ONE = 1 << 16;

  private static final int COVERED_PERCENT = 95;

  /** What requests that are alike ask for. */
  public record Shape(Size size, GpuRequest gpus, Set<String> gpuModels) {

    public Shape {
      gpuModels = Set.copyOf(gpuModels);
    }

    static Shape of(PlacementRequest request) {
      return new Shape(request.size(), request.gpus(), request.wishes().gpuModels());
    }
  }

  /**
   * A typical shape.
   *
   * @param share 65,536ths of the typical requests
   */
  public record Typical(Shape shape, int share) {}

  /** Nobody knows what is asked for. */
  public static final RequestMix UNKNOWN = of(List.of());

  private final List<Typical> typical;
  private final long gpuPerMilliCpu;
  private final long gpuPerMib;
  private final long milliCpuPerMib;
  private final long mibPerMilliCpu;

  private RequestMix(List<Typical> typical, long milliCpu, long mib, long milliGpu) {
    this.typical = List.copyOf(typical);
    this.gpuPerMilliCpu = ratio(milliGpu, milliCpu);
    this.gpuPerMib = ratio(milliGpu, mib);
    this.milliCpuPerMib = ratio(milliCpu, mib);
    this.mibPerMilliCpu = ratio(mib, milliCpu);
  }

  /** The mix of these requests, for instance of the last few thousand. */
  public static RequestMix of(Collection<PlacementRequest> requests) {
    Map<Shape, Integer> counts = new LinkedHashMap<>();
    long milliCpu = 0;
    long mib = 0;
    long milliGpu = 0;
    for (PlacementRequest request : requests) {
      counts.merge(Shape.of(request), 1, Integer::sum);
      milliCpu += request.size().cpu().value();
      mib += request.size().memory().value();
      milliGpu += request.gpus().milli();
    }
    return new RequestMix(mostFrequent(counts, requests.size()), milliCpu, mib, milliGpu);
  }

  /** The shapes with their shares, the most frequent first. */
  public List<Typical> typical() {
    return typical;
  }

  /**
   * The GPU of a host that stays when its vCPU or memory is used up, if requests of this mix fill
   * it, in 65,536ths of a thousandth.
   */
  long strandedGpu(int milliCpu, int mib, int milliGpu) {
    if (typical.isEmpty()) {
      return 0;
    }
    long served = Math.min(milliCpu * gpuPerMilliCpu, mib * gpuPerMib);
    return Math.max(0, (long) milliGpu * ONE - served);
  }

  /** The {@link Capacity} of a host's vCPU that stays when its memory is used up, or reverse. */
  long strandedSize(int milliCpu, int mib) {
    if (typical.isEmpty()) {
      return 0;
    }
    long cpuLeft = Math.max(0, milliCpu - mib * milliCpuPerMib / ONE);
    long memoryLeft = Math.max(0, mib - milliCpu * mibPerMilliCpu / ONE);
    return Math.max(cpuLeft * Capacity.PER_MILLI_VCPU, memoryLeft * Capacity.PER_MIB);
  }

  private static List<Typical> mostFrequent(Map<Shape, Integer> counts, int requests) {
    List<Map.Entry<Shape, Integer>> sorted = new ArrayList<>(counts.entrySet());
    // A stable sort: shapes that are equally frequent stay in the order of the requests.
    sorted.sort((one, other) -> other.getValue() - one.getValue());
    long enough = ((long) requests * COVERED_PERCENT + 99) / 100;
    long covered = 0;
    int taken = 0;
    while (covered < enough) {
      covered += sorted.get(taken++).getValue();
    }
    List<Typical> typical = new ArrayList<>();
    for (Map.Entry<Shape, Integer> entry : sorted.subList(0, taken)) {
      typical.add(new Typical(entry.getKey(), (int) ((long) entry.getValue() * ONE / covered)));
    }
    return typical;
  }

  /** In 65,536ths; as good as without limit where nothing is asked for of what it is per. */
  private static long ratio(long of, long per) {
    return per == 0 ? Integer.MAX_VALUE : Math.min(Integer.MAX_VALUE, of * ONE / per);
  }
}
