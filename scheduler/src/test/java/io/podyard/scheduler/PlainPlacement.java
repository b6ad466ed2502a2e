package io.podyard.scheduler;

import static java.util.Comparator.comparing;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.Size;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Placement again, written to be obviously right rather than fast; shares no code with the index.
 */
final class PlainPlacement {

  /** A host that has room, with the devices to take. */
  record Choice(HostSnapshot host, int turn, long score, long devices) {}

  final Map<HostId, HostSnapshot> hosts = new TreeMap<>();
  final Map<PoolId, PlacementPolicy> policies = new HashMap<>();
  private final PlacementPolicy policy;

  /** The mix, and the requests that it was made of. */
  RequestMix mix = RequestMix.UNKNOWN;

  List<PlacementRequest> mixed = List.of();

  PlainPlacement(PlacementPolicy policy) {
    this.policy = policy;
  }

  Optional<Choice> best(PlacementRequest request) {
    return ranked(request).stream().findFirst();
  }

  /** All hosts that have room, the best first. */
  List<Choice> ranked(PlacementRequest request) {
    return region(request).stream()
        .filter(host -> whyNot(host, request).isEmpty())
        .map(host -> choice(host, request))
        .sorted(
            comparing(Choice::turn)
                .thenComparing(Choice::score)
                .thenComparing(choice -> choice.host().id()))
        .toList();
  }

  List<HostSnapshot> region(PlacementRequest request) {
    return hosts.values().stream().filter(host -> host.region().equals(request.region())).toList();
  }

  Optional<RuledOut> whyNot(HostSnapshot host, PlacementRequest request) {
    return forGood(host, request)
        .or(() -> when(!host.schedulable(), RuledOut.NOT_READY))
        .or(() -> when(!host.answering(), RuledOut.NOT_ANSWERING))
        .or(() -> when(host.kept() && !host.id().equals(request.keptHost()), RuledOut.KEPT))
        .or(() -> tooFull(host, request));
  }

  /** The host that lacks least, of those that are only too full. */
  Optional<HostId> closest(PlacementRequest request) {
    return region(request).stream()
        .filter(
            host -> {
              Optional<RuledOut> why = whyNot(host, request);
              return why.isEmpty() || why.equals(tooFull(host, request));
            })
        .filter(host -> tooFull(emptied(host), request).isEmpty())
        .min(comparing((HostSnapshot host) -> lacks(host, request)).thenComparing(HostSnapshot::id))
        .map(HostSnapshot::id);
  }

  private static long lacks(HostSnapshot host, PlacementRequest request) {
    long cpu = request.size().cpu().value() - host.free().cpu().value();
    long memory = request.size().memory().value() - host.free().memory().value();
    DiskSpace space = host.disk();
    long disk =
        space.allocatableMib() == 0
            ? 0
            : request.diskMib() - (space.allocatableMib() - space.reservedMib());
    long whole = free(host).filter(milli -> milli == 1000).count();
    long freest = free(host).max(Comparator.naturalOrder()).orElse(0);
    boolean shared = request.gpus().count() == 1 && request.gpus().milliEach() < 1000;
    long gpus = shared ? 0 : 1000 * Math.max(0, request.gpus().count() - whole);
    long share = shared ? Math.max(0, request.gpus().milliEach() - freest) : 0;
    return Math.max(0, cpu) * 4096
        + Math.max(0, memory) * 1000
        + Math.max(0, disk) * 1000
        + (gpus + share) * 64 * 4096;
  }

  boolean couldEverFit(PlacementRequest request) {
    return region(request).stream()
        .filter(host -> forGood(host, request).isEmpty())
        .map(PlainPlacement::emptied)
        .anyMatch(host -> tooFull(host, request).isEmpty());
  }

  PlacementPolicy policyOf(HostSnapshot host) {
    return policies.getOrDefault(host.pool(), policy);
  }

  private static HostSnapshot emptied(HostSnapshot host) {
    return host.withReserved(Size.ZERO)
        .withDisk(new DiskSpace(host.disk().allocatableMib(), 0))
        .withGpus(GpuDevices.free(host.gpus().count()));
  }

  private static Optional<RuledOut> forGood(HostSnapshot host, PlacementRequest request) {
    HostWishes wishes = request.wishes();
    HostKind kind = host.kind();
    return when(request.zone() != null && !request.zone().equals(host.zone()), RuledOut.WRONG_ZONE)
        .or(() -> when(misses(wishes.pools(), host.pool()), RuledOut.OTHER_POOL))
        .or(
            () ->
                when(
                    wishes.computeCategory() != null
                        && !wishes.computeCategory().equals(kind.computeCategory()),
                    RuledOut.OTHER_COMPUTE_CATEGORY))
        .or(
            () ->
                when(
                    wishes.architecture() != null
                        && !wishes.architecture().equals(kind.architecture()),
                    RuledOut.OTHER_ARCHITECTURE))
        .or(
            () ->
                when(
                    misses(wishes.instanceTypes(), kind.instanceType()),
                    RuledOut.OTHER_INSTANCE_TYPE))
        .or(() -> when(misses(wishes.gpuModels(), kind.gpuModel()), RuledOut.OTHER_GPU_MODEL))
        .or(() -> when(!kind.labels().containsAll(wishes.labels()), RuledOut.MISSING_LABELS))
        .or(
            () ->
                when(
                    request.host() != null && !request.host().equals(host.id()),
                    RuledOut.OTHER_HOST));
  }

  private static Optional<RuledOut> tooFull(HostSnapshot host, PlacementRequest request) {
    boolean cpu = host.free().cpu().compareTo(request.size().cpu()) >= 0;
    boolean memory = host.free().memory().compareTo(request.size().memory()) >= 0;
    boolean disk =
        host.disk().allocatableMib() == 0
            || host.disk().allocatableMib() - host.disk().reservedMib() >= request.diskMib();
    boolean gpus =
        free(host).filter(milli -> milli >= request.gpus().milliEach()).count()
            >= request.gpus().count();
    return when(!cpu && !memory, RuledOut.NOT_ENOUGH_CPU_AND_MEMORY)
        .or(() -> when(!cpu, RuledOut.NOT_ENOUGH_CPU))
        .or(() -> when(!memory, RuledOut.NOT_ENOUGH_MEMORY))
        .or(() -> when(!disk, RuledOut.NOT_ENOUGH_DISK))
        .or(() -> when(!gpus, RuledOut.NOT_ENOUGH_GPUS));
  }

  private static boolean misses(java.util.Collection<?> wanted, Object has) {
    return !wanted.isEmpty() && !wanted.contains(has);
  }

  private static Optional<RuledOut> when(boolean holds, RuledOut reason) {
    return holds ? Optional.of(reason) : Optional.empty();
  }

  private static Stream<Integer> free(HostSnapshot host) {
    return host.gpus().reservedMilli().stream().map(milli -> 1000 - milli);
  }

  private Choice choice(HostSnapshot host, PlacementRequest request) {
    PlacementPolicy its = policyOf(host);
    List<PoolId> pools = request.wishes().pools();
    int turn = pools.isEmpty() ? its.ordinal() : pools.indexOf(host.pool());
    boolean images = request.imageHosts().getOrDefault(host.id(), 0) >= 500_000;
    turn = 2 * turn + (host.near() || (images && nearOneHasRoom(host, request)) ? 0 : 1);
    if (host.kept()) {
      turn = -1;
    }
    Comparator<Long> byFree =
        comparing(devices -> host.gpus().reservedMilli().get(Long.numberOfTrailingZeros(devices)));
    // What has more reserved has less left.
    Comparator<Long> preferred = its == PlacementPolicy.SPREAD ? byFree : byFree.reversed();
    boolean shared = request.gpus().count() == 1 && request.gpus().milliEach() < 1000;
    long devices =
        choices(host, request.gpus()).stream()
            .min(
                comparing((Long one) -> score(host, request, one))
                    .thenComparing(shared ? preferred : Comparator.naturalOrder())
                    .thenComparing(Comparator.naturalOrder()))
            .orElseThrow();
    return new Choice(host, turn, score(host, request, devices), devices);
  }

  /** Whether one has room that is compared with this host, and near. */
  private boolean nearOneHasRoom(HostSnapshot host, PlacementRequest request) {
    return region(request).stream()
        .filter(other -> other.near() && !other.kept() && whyNot(other, request).isEmpty())
        .anyMatch(
            other ->
                request.wishes().pools().isEmpty()
                    ? policyOf(other) == policyOf(host)
                    : other.pool().equals(host.pool()));
  }

  /** The sets of devices that may be taken. */
  private static List<Long> choices(HostSnapshot host, GpuRequest gpus) {
    List<Integer> enough =
        IntStream.range(0, host.gpus().count())
            .filter(device -> 1000 - host.gpus().reservedMilli().get(device) >= gpus.milliEach())
            .boxed()
            .toList();
    if (gpus.count() == 1) {
      return enough.stream().map(device -> 1L << device).toList();
    }
    long first = 0;
    for (int device : enough.subList(0, gpus.count())) {
      first |= 1L << device;
    }
    return List.of(first);
  }

  long score(HostSnapshot host, PlacementRequest request, long devices) {
    HostSnapshot after = after(host, request.taking(devices));
    PlacementPolicy its = policyOf(host);
    long score =
        switch (its) {
          case BEST_FIT -> leftOver(after);
          case SPREAD -> inUse(after);
          case FRAGMENTATION_AWARE ->
              fragments(after)
                  - fragments(host)
                  + floor((strandedGpu(after) - strandedGpu(host)) * 13, 16)
                  + floor((strandedSize(after) - strandedSize(host)) * 5, 2048)
                  + floor(leftOver(after) * 5, 2048);
        };
    return score - its.imageBonus() * request.imageHosts().getOrDefault(host.id(), 0) / 1_000_000;
  }

  static HostSnapshot after(HostSnapshot host, Taken taken) {
    int disk = host.disk().allocatableMib() == 0 ? 0 : taken.diskMib();
    List<Integer> gpus = new ArrayList<>(host.gpus().reservedMilli());
    for (int device = 0; device < gpus.size(); device++) {
      if ((taken.gpuDevices() & 1L << device) != 0) {
        gpus.set(device, gpus.get(device) + taken.gpuMilliEach());
      }
    }
    return host.withReserved(host.reserved().plus(taken.size()))
        .withDisk(new DiskSpace(host.disk().allocatableMib(), host.disk().reservedMib() + disk))
        .withGpus(new GpuDevices(gpus));
  }

  private static long floor(long of, long by) {
    return Math.floorDiv(of, by);
  }

  private static long freeGpu(HostSnapshot host) {
    return free(host).mapToLong(Integer::longValue).sum();
  }

  private static long leftOver(HostSnapshot host) {
    return host.free().cpu().value() * 4096L
        + host.free().memory().value() * 1000L
        + freeGpu(host) * 64 * 4096;
  }

  private static long inUse(HostSnapshot host) {
    return Stream.of(
            share(host.reserved().cpu().value(), host.allocatable().cpu().value()),
            share(host.reserved().memory().value(), host.allocatable().memory().value()),
            share(host.disk().reservedMib(), host.disk().allocatableMib()),
            share(
                host.gpus().reservedMilli().stream().mapToLong(Integer::longValue).sum(),
                host.gpus().count() * 1000L))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static long share(long reserved, long all) {
    return all == 0 ? 0 : reserved * 1_000_000 / all;
  }

  private long fragments(HostSnapshot host) {
    long sum = 0;
    for (RequestMix.Typical typical : mix.typical()) {
      RequestMix.Shape shape = typical.shape();
      PlacementRequest as =
          new PlacementRequest(host.region(), null, null, shape.size())
              .withGpus(shape.gpus())
              .wishing(HostWishes.ANY.withGpuModels(shape.gpuModels()));
      boolean useless =
          shape.gpus().count() == 0
              || forGood(host, as).isPresent()
              || tooFull(host, as).isPresent();
      long unusable =
          free(host)
              .filter(milli -> useless || milli < shape.gpus().milliEach())
              .mapToLong(Integer::longValue)
              .sum();
      sum += typical.share() * unusable;
    }
    return sum;
  }

  private long strandedGpu(HostSnapshot host) {
    if (mixed.isEmpty()) {
      return 0;
    }
    long cpu = host.free().cpu().value() * ratio(gpuOf(), cpuOf());
    long memory = host.free().memory().value() * ratio(gpuOf(), memoryOf());
    return Math.max(0, freeGpu(host) * 65_536 - Math.min(cpu, memory));
  }

  private long strandedSize(HostSnapshot host) {
    if (mixed.isEmpty()) {
      return 0;
    }
    long cpu = host.free().cpu().value();
    long memory = host.free().memory().value();
    long cpuLeft = Math.max(0, cpu - memory * ratio(cpuOf(), memoryOf()) / 65_536);
    long memoryLeft = Math.max(0, memory - cpu * ratio(memoryOf(), cpuOf()) / 65_536);
    return Math.max(cpuLeft * 4096, memoryLeft * 1000);
  }

  private static long ratio(long of, long per) {
    return per == 0
        ? Integer.MAX_VALUE
        : BigInteger.valueOf(of)
            .multiply(BigInteger.valueOf(65_536))
            .divide(BigInteger.valueOf(per))
            .min(BigInteger.valueOf(Integer.MAX_VALUE))
            .longValueExact();
  }

  private long cpuOf() {
    return mixed.stream().mapToLong(request -> request.size().cpu().value()).sum();
  }

  private long memoryOf() {
    return mixed.stream().mapToLong(request -> request.size().memory().value()).sum();
  }

  private long gpuOf() {
    return mixed.stream().mapToLong(request -> request.gpus().milli()).sum();
  }
}
