package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.SampledGroups;
import io.podyard.controlplane.containergroup.SampledGroups.SampledGroup;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.metric.GroupSampler;
import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.settings.MetricSettings;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Has each host of the shards that this process holds asked once in a period what its running
 * groups use. The hosts are spread over the period by their ids, so that whoever takes a shard over
 * goes on in the same rhythm. Beside driving and with threads and places of its own: a host that is
 * slow or silent loses its own samples, and nobody waits for any.
 */
public final class GroupSampling implements AutoCloseable {

  private static final long TICK_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(GroupSampling.class);

  private final ShardLeases leases;
  private final SampledGroups groups;
  private final GroupSampler sampler;
  private final InstantSource clock;
  private final HostSilence silence;
  private final SideBySide hosts;
  private final long periodSeconds;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sample-timer").daemon().factory());

  /** Of this period; used by the timer's thread alone. */
  private Map<ContainerGroupId, SampledGroup> known = Map.of();

  private Map<HostId, List<SampledGroup>> byHost = Map.of();
  private long lastPeriod = Long.MIN_VALUE;
  private long lastSecond;
  private volatile boolean closed;

  public GroupSampling(
      Driving driving,
      ShardLeases leases,
      SampledGroups groups,
      GroupSampler sampler,
      MetricSettings settings,
      InstantSource clock) {
    this.leases = leases;
    this.groups = groups;
    this.sampler = sampler;
    this.clock = clock;
    this.silence = driving.silence();
    this.hosts = new SideBySide(Loop.SAMPLE, silence);
    this.periodSeconds = settings.period().toSeconds();
    this.lastSecond = clock.instant().getEpochSecond();
  }

  /** Begins, unless the settings say that nothing is looked at. */
  public void start() {
    if (periodSeconds > 0) {
      ScheduledFuture<?> _ =
          timer.scheduleAtFixedRate(this::guarded, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void guarded() {
    try {
      tick();
    } catch (DataAccessException e) {
      log.warn("which groups are sampled is asked again: {}", e.getMessage());
    } catch (Throwable failure) {
      if (!closed) {
        Mishaps.tell(log, Loop.SAMPLE, "groups are not sampled", failure);
      }
    }
  }

  /** Asks the hosts that have come up since the last time. */
  void tick() {
    long now = clock.instant().getEpochSecond();
    Set<Integer> shards = leases.shards();
    long period = Math.floorDiv(now, periodSeconds);
    if (period != lastPeriod) {
      // Before the statement: if it fails, what is known goes on being sampled until the next one.
      lastPeriod = period;
      known = shards.isEmpty() ? Map.of() : groups.of(shards, known);
      sampler.keepOnly(known.keySet());
      Map<HostId, List<SampledGroup>> hostsNow = new HashMap<>();
      known
          .values()
          .forEach(
              group -> hostsNow.computeIfAbsent(group.host(), _ -> new ArrayList<>()).add(group));
      byHost = hostsNow;
    }
    // After a pause of this process no more than a whole period is made up for.
    long from = Math.max(lastSecond, now - periodSeconds);
    lastSecond = now;
    if (shards.isEmpty()) {
      return;
    }
    byHost.forEach(
        (host, here) -> {
          if (isDue(host, from, now)) {
            ask(host, here);
          }
        });
  }

  private void ask(HostId host, List<SampledGroup> here) {
    if (silence.isSilent(host) || !hosts.on(host, () -> sampler.sample(host, here))) {
      sampler.missed(here);
    }
  }

  /** Whether the host's second came after one moment and up to another one. */
  private boolean isDue(HostId host, long after, long until) {
    long second = second(host);
    return Math.floorDiv(until - second, periodSeconds)
        > Math.floorDiv(after - second, periodSeconds);
  }

  /**
   * The second of the period in which a host is asked. The first and the last are left out if there
   * are enough others, so that an answer that takes a moment is still in the same period.
   */
  private long second(HostId host) {
    long margin = periodSeconds >= 5 ? 1 : 0;
    return margin
        + Math.floorMod(host.value().hashCode() * 0x9E3779B9L, periodSeconds - 2 * margin);
  }

  @Override
  public void close() {
    closed = true;
    Ending.of(timer, hosts.threads());
  }
}
