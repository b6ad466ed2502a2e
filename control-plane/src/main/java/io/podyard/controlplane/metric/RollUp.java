package io.podyard.controlplane.metric;

import io.podyard.controlplane.metric.MetricTables.Progress;
import io.podyard.controlplane.metric.MetricTables.Row;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes coarser records of finer ones, a stretch of time after the other and in it some groups
 * after the others. What is made and how far it goes commit together, so whoever comes next, here
 * or in another process, goes on where the last one was; the finer records stay until long after.
 */
final class RollUp {

  /** Until then every sample that was taken is written or never will be. */
  static final Duration SETTLED = Duration.ofMinutes(2);

  /** Of one transaction, well within its time. */
  private static final int MOST_ROWS = 5_000;

  private final MetricTables tables;
  private final MetricPartitions partitions;
  private final TransactionTemplate transaction;
  private final int mostRows;

  RollUp(MetricTables tables, MetricPartitions partitions, TransactionTemplate transaction) {
    this(tables, partitions, transaction, MOST_ROWS);
  }

  /**
   * @param mostRows of one transaction; more than any group can have in a stretch
   */
  RollUp(
      MetricTables tables,
      MetricPartitions partitions,
      TransactionTemplate transaction,
      int mostRows) {
    this.tables = tables;
    this.partitions = partitions;
    this.transaction = transaction;
    this.mostRows = mostRows;
  }

  /**
   * One transaction's worth of a resolution.
   *
   * @return whether there may be more to do right now
   */
  boolean step(Resolution resolution, Instant now) {
    Resolution from = source(resolution);
    Instant settled =
        from == Resolution.SAMPLE ? now.minus(SETTLED) : tables.progress(from).until();
    // In a transaction of its own: making a partition is no part of what may be done again.
    Instant next = tables.progress(resolution).until();
    if (next.plus(resolution.row()).isAfter(settled)) {
      return false;
    }
    partitions.ensure(resolution, skipped(resolution, from, next, settled));
    return Boolean.TRUE.equals(transaction.execute(_ -> step(resolution, from, settled)));
  }

  private static Resolution source(Resolution resolution) {
    return switch (resolution) {
      case MINUTE -> Resolution.SAMPLE;
      case TEN_MINUTES -> Resolution.MINUTE;
      case SAMPLE -> throw new IllegalArgumentException("samples are made of nothing");
    };
  }

  private boolean step(Resolution resolution, Resolution from, Instant settled) {
    Optional<Progress> claimed = tables.claim(resolution);
    if (claimed.isEmpty()) {
      return false;
    }
    Progress progress = claimed.get();
    Instant start = skipped(resolution, from, progress.until(), settled);
    Instant end = start.plus(resolution.row());
    String after = start.equals(progress.until()) ? progress.group() : "";
    if (end.isAfter(settled)) {
      tables.advance(resolution, new Progress(start, after));
      return false;
    }
    List<Row> rows = tables.page(from, start, end, after, mostRows);
    boolean more = rows.size() == mostRows;
    Map<ContainerGroupId, List<MetricRecord>> groups = byGroup(rows, more);
    List<Row> made = new ArrayList<>();
    String last = after;
    for (Map.Entry<ContainerGroupId, List<MetricRecord>> group : groups.entrySet()) {
      made.add(
          new Row(
              group.getKey(),
              start,
              MetricPack.pack(
                  MetricRecord.byWindow(group.getValue(), resolution.window().toSeconds()))));
      last = group.getKey().value();
    }
    tables.write(resolution, made);
    tables.advance(resolution, more ? new Progress(start, last) : new Progress(end, ""));
    return true;
  }

  /** While nobody ran there are no samples: what has no partition is passed over. */
  private Instant skipped(Resolution resolution, Resolution from, Instant start, Instant settled) {
    Instant first =
        partitions.all(from).stream()
            .filter(partition -> partition.to().isAfter(start))
            .map(MetricPartitions.Partition::from)
            .findFirst()
            .orElse(settled);
    Instant aligned = Resolution.floor(first, resolution.row());
    return aligned.isAfter(start) ? aligned : start;
  }

  /**
   * @param more whether the last group may have rows beyond these, so that it is left for next time
   */
  private Map<ContainerGroupId, List<MetricRecord>> byGroup(List<Row> rows, boolean more) {
    Map<ContainerGroupId, List<MetricRecord>> groups = new LinkedHashMap<>();
    @Nullable ContainerGroupId last = null;
    for (Row row : rows) {
      last = row.group();
      groups.computeIfAbsent(last, _ -> new ArrayList<>()).addAll(row.records());
    }
    if (more && last != null && groups.size() > 1) {
      groups.remove(last);
    }
    return groups;
  }
}
