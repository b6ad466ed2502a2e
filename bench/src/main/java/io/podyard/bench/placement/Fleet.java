package io.podyard.bench.placement;

import io.podyard.bench.trace.OpenbTrace;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.DiskSpace;
import io.podyard.scheduler.GpuDevices;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.HostKind;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.PlacementRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToLongFunction;

/**
 * Empty hosts, requests in an order by chance, and what is counted when we say how full it is.
 *
 * @param amount what a request takes of it
 * @param all what there is of it
 */
record Fleet(
    PlacementPolicy policy,
    List<HostSnapshot> hosts,
    List<PlacementRequest> requests,
    ToLongFunction<PlacementRequest> amount,
    long all) {

  /** No hosts and no requests. */
  static final Fleet NONE =
      new Fleet(PlacementPolicy.BEST_FIT, List.of(), List.of(), request -> 0, 0);

  private static final int HOSTS = 10_000;
  private static final int REQUESTS = 1 << 14;
  private static final long SEED = 20_230_710;

  /** Sizes in vCPU and GiB, the small ones more often, as people ask for them. */
  private static final int[][] SIZES = {
    {1, 2}, {1, 2}, {1, 2}, {2, 4}, {2, 4}, {2, 4}, {2, 8}, {2, 8}, {4, 8}, {4, 8}, {4, 16},
    {8, 16}, {8, 32}, {12, 24}, {16, 32}, {16, 64}, {32, 64},
  };

  /**
   * 10,000 hosts of 64 to 128 vCPU in three zones, each with a disk, every fifth with GPUs; full by
   * their vCPU.
   */
  static Fleet general() {
    Random random = new Random(SEED);
    List<HostSnapshot> hosts = new ArrayList<>();
    for (int number = 0; number < HOSTS; number++) {
      hosts.add(generalHost(number, random));
    }
    List<PlacementRequest> requests = new ArrayList<>();
    while (requests.size() < REQUESTS) {
      requests.add(generalRequest(random));
    }
    return new Fleet(
        PlacementPolicy.BEST_FIT,
        hosts,
        requests,
        request -> request.size().cpu().value(),
        hosts.stream().mapToLong(host -> host.allocatable().cpu().value()).sum());
  }

  /** The published trace, full by its GPUs. */
  static Fleet openb() {
    OpenbTrace trace = OpenbTrace.published();
    List<PlacementRequest> requests = new ArrayList<>(trace.requests());
    Collections.shuffle(requests, new Random(SEED));
    return new Fleet(
        PlacementPolicy.FRAGMENTATION_AWARE,
        trace.hosts(),
        requests,
        request -> request.gpus().milli(),
        trace.gpuMilli());
  }

  private static HostSnapshot generalHost(int number, Random random) {
    int vcpu = 64 + 32 * random.nextInt(3);
    int gibPerVcpu = random.nextInt(4) == 0 ? 8 : 4;
    return new HostSnapshot(
            new HostId(String.format(Locale.ROOT, "host-%05d", number)),
            new PoolId("general"),
            OpenbTrace.REGION,
            new ZoneId("zone-" + (char) ('a' + number % 3)),
            Size.of(vcpu * 1000, vcpu * gibPerVcpu * 1024),
            Size.ZERO,
            true)
        .withDisk(DiskSpace.of(4096 * 1024))
        .withGpus(GpuDevices.free(number % 5 == 0 ? 8 : 0))
        .ofKind(HostKind.ofGpuModel(number % 5 == 0 ? "T4" : ""));
  }

  private static PlacementRequest generalRequest(Random random) {
    int[] size = SIZES[random.nextInt(SIZES.length)];
    PlacementRequest request =
        PlacementRequest.anywhereIn(OpenbTrace.REGION, Size.of(size[0] * 1000, size[1] * 1024))
            .withDisk(1024 * (10 + 10 * random.nextInt(4)));
    return switch (random.nextInt(20)) {
      case 0 -> request.withGpus(GpuRequest.whole(1));
      case 1 -> request.withGpus(GpuRequest.shared(250));
      default -> request;
    };
  }
}
