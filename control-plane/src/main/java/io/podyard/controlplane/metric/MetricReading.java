package io.podyard.controlplane.metric;

import io.podyard.model.ContainerGroupId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Reads what is kept of groups. Each moment is read at the finest resolution that is surely kept
 * for it, and none twice.
 */
@Component
class MetricReading {

  /** Where one resolution takes over from the other, so that no window is of both. */
  private static final Duration SEAM = Duration.ofMinutes(10);

  private final MetricTables tables;
  private final Clock clock;

  MetricReading(JdbcTemplate jdbc, Clock clock) {
    this.tables = new MetricTables(jdbc);
    this.clock = clock;
  }

  /**
   * Records of a group, one for each window in which there is any.
   *
   * @param from the start of a window
   */
  List<MetricRecord> records(ContainerGroupId group, Instant from, Instant to, Duration window) {
    Instant now = clock.instant();
    Instant oldest = later(from, now.minus(Resolution.KEPT));
    Instant minutes = seam(now, Resolution.TEN_MINUTES, Resolution.MINUTE);
    Instant samples = seam(now, Resolution.MINUTE, Resolution.SAMPLE);
    List<MetricRecord> records = new ArrayList<>();
    records.addAll(tables.records(Resolution.TEN_MINUTES, group, oldest, earlier(to, minutes)));
    records.addAll(
        tables.records(Resolution.MINUTE, group, later(oldest, minutes), earlier(to, samples)));
    records.addAll(tables.records(Resolution.SAMPLE, group, later(oldest, samples), to));
    return MetricRecord.byWindow(records, window.toSeconds());
  }

  /** From when on the finer of two resolutions is read. */
  private Instant seam(Instant now, Resolution coarser, Resolution finer) {
    return Resolution.floor(
        earlier(tables.progress(coarser).until(), now.minus(finer.kept())), SEAM);
  }

  /** The newest record of each group that has any. */
  Map<ContainerGroupId, MetricRecord> newest(Collection<ContainerGroupId> groups) {
    Instant since = clock.instant().minus(Resolution.KEPT);
    Map<ContainerGroupId, MetricRecord> newest = new LinkedHashMap<>();
    List<ContainerGroupId> left = new ArrayList<>(groups);
    for (Resolution resolution : Resolution.values()) {
      if (!left.isEmpty()) {
        tables.newest(resolution, left, since).forEach(newest::put);
        left.removeAll(newest.keySet());
      }
    }
    return newest;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
