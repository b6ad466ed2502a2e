package io.podyard.controlplane.metric;

import io.podyard.controlplane.containergroup.SampledGroups.SampledGroup;
import io.podyard.controlplane.metric.MetricRecord.Container;
import io.podyard.controlplane.metric.MetricRecord.CpuUse;
import io.podyard.controlplane.metric.MetricRecord.Limit;
import io.podyard.controlplane.metric.MetricRecord.MemorySums;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Asks a host what its groups use and has it written. CPU time between two samples of the same run
 * is worked out here, since only who took both knows that they belong together; after a takeover
 * the first sample has none.
 */
public final class GroupSampler implements AutoCloseable {

  /** A run that began this shortly ago used all of its counter since then. */
  private static final Duration FRESH = Duration.ofSeconds(60);

  /** What lies further back says nothing of now. */
  private static final Duration STALE = Duration.ofMinutes(30);

  /** The last sample of a container. */
  private record Before(int attempt, long cpuNanos, Instant at) {}

  private final Runtimes runtimes;
  private final InstallationId installation;
  private final SampleWriter writer;
  private final SampleCounts counts;
  private final Map<ContainerGroupId, Map<String, Before>> before = new ConcurrentHashMap<>();

  public GroupSampler(
      Runtimes runtimes,
      InstallationId installation,
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      SampleCounts counts,
      InstantSource clock) {
    this.runtimes = runtimes;
    this.installation = installation;
    this.counts = counts;
    this.writer = new SampleWriter(new MetricTables(jdbc), transaction, counts, clock);
  }

  @Override
  public void close() {
    writer.close();
  }

  /** Takes a sample of some groups of a host. Returns when the host has answered. */
  public void sample(HostId host, Collection<SampledGroup> groups) {
    Set<ContainerGroupId> found = ConcurrentHashMap.newKeySet();
    try {
      List<GroupLimits> limits = groups.stream().map(SampledGroup::limits).toList();
      Map<ContainerGroupId, GroupLimits> byId = new HashMap<>();
      limits.forEach(one -> byId.put(one.group(), one));
      for (GroupStatistics one : runtimes.of(host).statistics(installation, host, limits)) {
        GroupLimits of = byId.get(one.group());
        if (of != null && found.add(one.group())) {
          MetricRecord record = record(of, one);
          writer.write(
              new MetricTables.Row(one.group(), record.at(), MetricPack.pack(List.of(record))));
        }
      }
    } catch (RuntimeUnavailableException e) {
      // Counted below: as long as a host is silent, there are no figures of it.
    } finally {
      counts.addMissed(
          groups.stream()
              .filter(group -> group.runs() && !found.contains(group.limits().group()))
              .count());
    }
  }

  /** A host is not asked at all this time. */
  public void missed(Collection<SampledGroup> groups) {
    counts.addMissed(groups.stream().filter(SampledGroup::runs).count());
  }

  /** Forgets what it knows of all other groups. */
  public void keepOnly(Set<ContainerGroupId> groups) {
    before.keySet().retainAll(groups);
  }

  private MetricRecord record(GroupLimits limits, GroupStatistics one) {
    Instant at = one.at().truncatedTo(ChronoUnit.MILLIS);
    Map<String, Before> last = before.getOrDefault(one.group(), Map.of());
    Map<String, Before> now = new HashMap<>();
    List<Container> containers = new ArrayList<>();
    for (GroupStatistics.OfContainer c : one.containers()) {
      now.put(c.container(), new Before(c.attempt(), c.cpuNanos(), at));
      containers.add(
          new Container(
              c.container(),
              1,
              limits.of(c.container()).cpu().value(),
              c.cpuNanos(),
              use(c, last.get(c.container()), at),
              MemorySums.of(c.memory())));
    }
    before.put(one.group(), now);
    return new MetricRecord(
        at,
        1,
        new Limit(limits.size().cpu().value(), limits.size().memory().value()),
        containers,
        one.interfaces(),
        one.disks(),
        one.filesystems());
  }

  private static CpuUse use(GroupStatistics.OfContainer c, @Nullable Before last, Instant at) {
    if (last != null && last.attempt() == c.attempt() && last.cpuNanos() <= c.cpuNanos()) {
      long millis = ChronoUnit.MILLIS.between(last.at(), at);
      return millis > 0 && millis <= STALE.toMillis()
          ? new CpuUse(c.cpuNanos() - last.cpuNanos(), millis)
          : CpuUse.UNKNOWN;
    }
    long millis = ChronoUnit.MILLIS.between(c.since(), at);
    return millis > 0 && millis <= FRESH.toMillis()
        ? new CpuUse(c.cpuNanos(), millis)
        : CpuUse.UNKNOWN;
  }
}
