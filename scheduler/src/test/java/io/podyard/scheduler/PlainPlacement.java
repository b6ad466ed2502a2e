package io.podyard.scheduler;

import static java.util.Comparator.comparing;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Placement again, written to be obviously right rather than fast; shares no code with the index.
 */
final class PlainPlacement {

  final Map<HostId, HostSnapshot> hosts = new TreeMap<>();
  private final PlacementPolicy policy;

  PlainPlacement(PlacementPolicy policy) {
    this.policy = policy;
  }

  Optional<HostSnapshot> best(PlacementRequest request) {
    return region(request).stream()
        .filter(host -> fits(host, request))
        .min(
            comparing((HostSnapshot host) -> cost(host, request.size()))
                .thenComparing(HostSnapshot::id));
  }

  BigDecimal cost(HostSnapshot host, Size need) {
    return switch (policy) {
      // GiB left, one vCPU counted as four; a score counts 1024 x 1000 to the GiB.
      case BEST_FIT ->
          leftCpu(host, need)
              .multiply(BigDecimal.valueOf(4))
              .add(leftGib(host, need))
              .multiply(BigDecimal.valueOf(1_024_000));
      case SPREAD ->
          inUse(leftCpu(host, need), host.allocatable().cpu().vcpu())
              .max(inUse(leftGib(host, need), host.allocatable().memory().gib()));
    };
  }

  List<HostSnapshot> region(PlacementRequest request) {
    return hosts.values().stream().filter(host -> host.region().equals(request.region())).toList();
  }

  boolean fits(HostSnapshot host, PlacementRequest request) {
    return host.schedulable()
        && (request.zone() == null || request.zone().equals(host.zone()))
        && (request.host() == null || request.host().equals(host.id()))
        && host.reserved().plus(request.size()).fitsIn(host.allocatable());
  }

  long countRuledOut(RuledOut reason, PlacementRequest request) {
    return region(request).stream()
        .filter(
            host -> {
              boolean zone = request.zone() == null || request.zone().equals(host.zone());
              boolean own = request.host() == null || request.host().equals(host.id());
              boolean usable = zone && own && host.schedulable();
              boolean cpu = leftCpu(host, request.size()).signum() >= 0;
              boolean memory = leftGib(host, request.size()).signum() >= 0;
              return switch (reason) {
                case WRONG_ZONE -> !zone;
                case OTHER_HOST -> zone && !own;
                case NOT_READY -> zone && own && !host.schedulable();
                case NOT_ENOUGH_CPU_AND_MEMORY -> usable && !cpu && !memory;
                case NOT_ENOUGH_CPU -> usable && !cpu && memory;
                case NOT_ENOUGH_MEMORY -> usable && cpu && !memory;
              };
            })
        .count();
  }

  boolean couldEverFit(PlacementRequest request) {
    return region(request).stream()
        .filter(host -> request.zone() == null || request.zone().equals(host.zone()))
        .filter(host -> request.host() == null || request.host().equals(host.id()))
        .anyMatch(host -> request.size().fitsIn(host.allocatable()));
  }

  private static BigDecimal leftCpu(HostSnapshot host, Size need) {
    return host.allocatable()
        .cpu()
        .vcpu()
        .subtract(host.reserved().cpu().vcpu())
        .subtract(need.cpu().vcpu());
  }

  private static BigDecimal leftGib(HostSnapshot host, Size need) {
    return host.allocatable()
        .memory()
        .gib()
        .subtract(host.reserved().memory().gib())
        .subtract(need.memory().gib());
  }

  private static BigDecimal inUse(BigDecimal left, BigDecimal all) {
    return all.subtract(left)
        .multiply(BigDecimal.valueOf(1_000_000))
        .divide(all, 0, RoundingMode.FLOOR);
  }
}
