package io.podyard.runtime.simulated;

import io.podyard.model.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/** A fault plan at work: which of its faults are used up. */
final class Faults {

  private final FaultPlan plan;
  private final Instant since;
  private final Map<Object, AtomicInteger> used = new ConcurrentHashMap<>();
  private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

  Faults(FaultPlan plan, Instant since) {
    this.plan = plan;
    this.since = since;
  }

  FaultPlan.LatencyFactors latency() {
    return plan.latency();
  }

  Optional<FaultPlan.PullFault> pull(String image) {
    return take(plan.pulls(), image, FaultPlan.PullFault::image, FaultPlan.PullFault::times);
  }

  Optional<FaultPlan.StartFault> create(String image) {
    return take(
        plan.starts().stream().filter(Faults::atCreate).toList(),
        image,
        FaultPlan.StartFault::image,
        FaultPlan.StartFault::times);
  }

  Optional<FaultPlan.StartFault> start(String image) {
    return take(
        plan.starts().stream().filter(fault -> !atCreate(fault)).toList(),
        image,
        FaultPlan.StartFault::image,
        FaultPlan.StartFault::times);
  }

  private static boolean atCreate(FaultPlan.StartFault fault) {
    return fault.reason().equals("CreateContainerError");
  }

  Optional<FaultPlan.ExitFault> exit(String image) {
    return take(plan.exits(), image, FaultPlan.ExitFault::image, FaultPlan.ExitFault::times);
  }

  Optional<Duration> createDelay(String image) {
    return take(
            plan.createDelays(), image, FaultPlan.CreateDelay::image, FaultPlan.CreateDelay::times)
        .map(delay -> Duration.ofMillis(delay.delayMillis()));
  }

  Optional<FaultPlan.DiskFault> disk(String id) {
    return take(plan.disks(), id, FaultPlan.DiskFault::disk, FaultPlan.DiskFault::times);
  }

  /**
   * @param ran since the container's start
   */
  Optional<FaultPlan.CheckFault> check(String image, Duration ran) {
    return take(
        plan.checks().stream().filter(fault -> ran.toMillis() >= fault.afterMillis()).toList(),
        image,
        FaultPlan.CheckFault::image,
        FaultPlan.CheckFault::times);
  }

  boolean unreachable(HostId host, Instant now) {
    for (FaultPlan.Outage outage : plan.outages()) {
      Instant from = since.plusSeconds(outage.afterSeconds());
      boolean begun = !now.isBefore(from);
      boolean over =
          outage.forSeconds() > 0 && !now.isBefore(from.plusSeconds(outage.forSeconds()));
      if (begun && !over && matches(outage.host(), host.value())) {
        return true;
      }
    }
    return false;
  }

  /** The first fault that fits and is not used up; equal faults of a plan share one count. */
  private <F> Optional<F> take(
      List<F> faults, String name, Function<F, String> pattern, ToIntFunction<F> times) {
    for (F fault : faults) {
      if (matches(pattern.apply(fault), name)) {
        int limit = times.applyAsInt(fault);
        if (limit == 0
            || used.computeIfAbsent(fault, _ -> new AtomicInteger()).incrementAndGet() <= limit) {
          return Optional.of(fault);
        }
      }
    }
    return Optional.empty();
  }

  private boolean matches(String pattern, String name) {
    return patterns
        .computeIfAbsent(
            pattern,
            p -> Pattern.compile("\\Q" + p.replace("*", "\\E.*\\Q") + "\\E", Pattern.DOTALL))
        .matcher(name)
        .matches();
  }
}
