package io.podyard.controlplane.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.podyard.controlplane.container.LogFollowing;
import io.podyard.controlplane.containergroup.GroupFollowing;
import io.podyard.controlplane.driving.Driving;
import io.podyard.controlplane.exec.ExecSessions;
import io.podyard.controlplane.inventory.HostCensus;
import io.podyard.controlplane.inventory.HostCensus.Counts;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.metric.SampleCounts;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.DecisionLog;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.settlement.SettlementRounds;
import io.podyard.model.Size;
import io.podyard.scheduler.HostSnapshot;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What this process drives, what went wrong in it, what is to be settled, and the capacity of all
 * hosts as it saw them last.
 */
@Configuration(proxyBeanMethods = false)
class Gauges {

  private static final double MILLI_PER_CPU = 1000;
  private static final double BYTES_PER_MIB = 1024 * 1024;

  @Bean
  MeterBinder drivingGauges(Driving driving, ShardLeases leases) {
    return meters -> {
      Gauge.builder("podyard.groups.driven", driving::driven)
          .description("Groups that this process drives")
          .register(meters);
      Gauge.builder("podyard.shards.held", () -> leases.shards().size())
          .description("Shards whose lease this process holds")
          .register(meters);
    };
  }

  @Bean
  MeterBinder talkGauges(ExecSessions sessions, LogFollowing logs, GroupFollowing groups) {
    return meters -> {
      Gauge.builder("podyard.exec.sessions", sessions::count)
          .description("Commands that are talked with through this process")
          .register(meters);
      Gauge.builder("podyard.log.followers", logs::count)
          .description("Logs that are followed through this process")
          .register(meters);
      Gauge.builder("podyard.group.followers", groups::count)
          .description("Container groups that are followed through this process")
          .register(meters);
    };
  }

  /** All of them from the start, so that a first mishap is seen as a rise. */
  @Bean
  MeterBinder mishapCounters() {
    return meters -> {
      for (Loop loop : Loop.values()) {
        FunctionCounter.builder("podyard.mishaps", loop, Mishaps::count)
            .description("Unexpected failures that a loop of this process survived")
            .tag("loop", loop.tag())
            .register(meters);
      }
    };
  }

  @Bean
  MeterBinder decisionCounters(DecisionLog decisions) {
    return meters -> {
      decisionCounter(meters, decisions, "kept", DecisionLog::kept);
      decisionCounter(meters, decisions, "missed", DecisionLog::leftOut);
    };
  }

  private static void decisionCounter(
      MeterRegistry meters,
      DecisionLog decisions,
      String outcome,
      ToDoubleFunction<DecisionLog> value) {
    FunctionCounter.builder("podyard.placement.decisions", decisions, value)
        .description("Explained decisions of placement that this process kept and missed")
        .tag("outcome", outcome)
        .register(meters);
  }

  @Bean
  MeterBinder sampleCounters(SampleCounts counts) {
    return meters -> {
      sampleCounter(meters, counts, "taken", SampleCounts::taken);
      sampleCounter(meters, counts, "missed", SampleCounts::missed);
    };
  }

  private static void sampleCounter(
      MeterRegistry meters,
      SampleCounts counts,
      String outcome,
      ToDoubleFunction<SampleCounts> value) {
    FunctionCounter.builder("podyard.metric.samples", counts, value)
        .description("Samples of what groups use that this process took and missed")
        .tag("outcome", outcome)
        .register(meters);
  }

  @Bean
  MeterBinder settlementGauges(SettlementRounds settlement) {
    return meters -> {
      Gauge.builder("podyard.settlement.hours.due", () -> settlement.backlog().due())
          .description("Hours of accounts that are to be settled")
          .register(meters);
      Gauge.builder("podyard.settlement.hours.failing", () -> settlement.backlog().failing())
          .description("Hours of accounts that could not be settled, and are tried again")
          .register(meters);
      Gauge.builder("podyard.settlement.lag", () -> settlement.backlog().lagSeconds())
          .description("Time since the end of the last hour before which all is settled")
          .baseUnit("seconds")
          .register(meters);
      FunctionCounter.builder("podyard.settlement.lines", settlement, SettlementRounds::lines)
          .description("Charge lines that this process added")
          .register(meters);
    };
  }

  @Bean
  MeterBinder hostGauges(Placement placement, HostCensus census) {
    return meters -> {
      hosts(meters, census, "unreachable", "do not answer", Counts::unreachable);
      hosts(meters, census, "draining", "are to become empty", Counts::draining);
      hosts(meters, census, "lost", "were given up", Counts::lost);
      hosts(meters, census, "alarming", "vanished with too many others", Counts::alarming);
      Gauge.builder("podyard.hosts", () -> placement.hosts().size())
          .description("Hosts of the inventory")
          .register(meters);
      Gauge.builder("podyard.hosts.ready", () -> ready(placement))
          .description("Hosts that take new groups")
          .register(meters);
      capacity(meters, placement, "allocatable", HostSnapshot::allocatable);
      capacity(meters, placement, "reserved", HostSnapshot::reserved);
    };
  }

  private static void hosts(
      MeterRegistry meters,
      HostCensus census,
      String which,
      String what,
      ToIntFunction<Counts> count) {
    Gauge.builder("podyard.hosts." + which, census, c -> count.applyAsInt(c.counts()))
        .description("Hosts that " + what)
        .register(meters);
  }

  private static long ready(Placement placement) {
    return placement.hosts().stream().filter(HostSnapshot::schedulable).count();
  }

  private static void capacity(
      MeterRegistry meters, Placement placement, String kind, Function<HostSnapshot, Size> part) {
    sum(
        meters,
        placement,
        "podyard.hosts.cpu",
        "vCPU of all hosts",
        kind,
        host -> part.apply(host).cpu().value() / MILLI_PER_CPU);
    sum(
        meters,
        placement,
        "podyard.hosts.memory",
        "Memory of all hosts in bytes",
        kind,
        host -> part.apply(host).memory().value() * BYTES_PER_MIB);
  }

  private static void sum(
      MeterRegistry meters,
      Placement placement,
      String name,
      String description,
      String kind,
      ToDoubleFunction<HostSnapshot> value) {
    Gauge.builder(name, () -> placement.hosts().stream().mapToDouble(value).sum())
        .description(description)
        .tag("kind", kind)
        .register(meters);
  }
}
