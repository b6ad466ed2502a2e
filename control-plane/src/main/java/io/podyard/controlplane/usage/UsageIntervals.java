package io.podyard.controlplane.usage;

import io.podyard.billing.Metered;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The meter: usage intervals, opened and closed in the transaction of the status change. Instants
 * are floored to whole UTC seconds and an interval never ends before it starts, so in doubt the
 * user pays less.
 */
@Component
public class UsageIntervals {

  /**
   * The meter of a group starts.
   *
   * @param cacheGib of the disk that it got from an image cache, beyond the free ones; the tables
   *     meter it beside the group, see {@code cache_disks_begin}
   * @param dataGib of the disks that it got from data caches; likewise, see {@code
   *     data_disks_begin}
   */
  public record Opening(
      ContainerGroupId group,
      AccountId account,
      RegionId region,
      ZoneId zone,
      Metered metered,
      int cacheGib,
      int dataGib,
      Instant at) {

    /** Of a group that got no such disks. */
    public Opening(
        ContainerGroupId group,
        AccountId account,
        RegionId region,
        ZoneId zone,
        Metered metered,
        Instant at) {
      this(group, account, region, zone, metered, 0, 0, at);
    }
  }

  /** A group has other storage from now on. */
  public record StorageChange(ContainerGroupId group, int storageGib, Instant at) {}

  /** The meter of a group stops. */
  public record Closing(ContainerGroupId group, Instant at) {}

  /** Measured by {@code bench/run closes}, which has it too. */
  static final String CLOSE =
      """
      update usage_interval i
      set ended_at = greatest(i.started_at, c.ended_at)
      from unnest(?::text[], ?::timestamptz[]) as c (group_id, ended_at)
      where i.group_id = c.group_id and i.ended_at is null
      """;

  private final JdbcTemplate jdbc;

  public UsageIntervals(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Opens intervals inside the caller's transaction; a second open one of a group fails. None
   * begins before the last one of its group ended, whatever a clock that was set back says.
   */
  public void open(List<Opening> openings) {
    if (openings.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, gpu_milli, tariff,
           storage_gib, cache_gib, data_gib, started_at)
        select o.group_id, 1 + coalesce(last.sequence, 0), o.account_id, o.region, o.zone,
               o.milli_cpu, o.memory_mib, o.gpu_milli, o.tariff, o.storage_gib, o.cache_gib, o.data_gib,
               greatest(last.ended_at, o.started_at)
        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int4[], ?::int4[], ?::int4[],
                    ?::text[], ?::int4[], ?::int4[], ?::int4[], ?::timestamptz[])
          as o (group_id, account_id, region, zone, milli_cpu, memory_mib, gpu_milli, tariff,
                storage_gib, cache_gib, data_gib, started_at)
             left join lateral (
               select i.sequence, i.ended_at from usage_interval i where i.group_id = o.group_id
               order by i.sequence desc limit 1) last on true
        """,
        Columns.of(openings)
            .text(o -> o.group().value())
            .text(o -> o.account().value())
            .text(o -> o.region().value())
            .text(o -> o.zone().value())
            .integer(o -> o.metered().size().cpu().value())
            .integer(o -> o.metered().size().memory().value())
            .integer(o -> o.metered().gpuMilli())
            .text(o -> o.metered().tariff().code())
            .integer(o -> o.metered().storageGib())
            .integer(Opening::cacheGib)
            .integer(Opening::dataGib)
            .instant(o -> o.at().truncatedTo(ChronoUnit.SECONDS)));
  }

  /** Closes the open intervals of groups inside the caller's transaction. */
  public void close(List<Closing> closings) {
    if (closings.isEmpty()) {
      return;
    }
    jdbc.update(
        CLOSE,
        Columns.of(closings)
            .text(c -> c.group().value())
            .instant(c -> c.at().truncatedTo(ChronoUnit.SECONDS)));
  }

  /**
   * Goes on with other storage inside the caller's transaction, where the meter of a group runs and
   * it had another one until now.
   */
  public void change(List<StorageChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    List<String> closed =
        jdbc.query(
            """
            update usage_interval i set ended_at = greatest(i.started_at, c.at)
            from unnest(?::text[], ?::int4[], ?::timestamptz[]) as c (group_id, storage_gib, at)
            where i.group_id = c.group_id and i.ended_at is null and i.storage_gib <> c.storage_gib
            returning i.group_id
            """,
            Columns.of(changes)
                .text(c -> c.group().value())
                .integer(StorageChange::storageGib)
                .instant(c -> c.at().truncatedTo(ChronoUnit.SECONDS)),
            (row, n) -> row.getString(1));
    List<StorageChange> metered =
        changes.stream().filter(c -> closed.contains(c.group().value())).toList();
    if (metered.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, gpu_milli, tariff,
           storage_gib, cache_gib, data_gib, started_at)
        select last.group_id, last.sequence + 1, last.account_id, last.region, last.zone,
               last.milli_cpu, last.memory_mib, last.gpu_milli, last.tariff, c.storage_gib,
               last.cache_gib, last.data_gib, last.ended_at
        from unnest(?::text[], ?::int4[]) as c (group_id, storage_gib)
             cross join lateral (
               select * from usage_interval i where i.group_id = c.group_id
               order by i.sequence desc limit 1) last
        """,
        Columns.of(metered).text(c -> c.group().value()).integer(StorageChange::storageGib));
  }
}
