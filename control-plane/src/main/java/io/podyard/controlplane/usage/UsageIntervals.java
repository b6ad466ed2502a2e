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

  /** The meter of a group starts. */
  public record Opening(
      ContainerGroupId group,
      AccountId account,
      RegionId region,
      ZoneId zone,
      Metered metered,
      Instant at) {}

  /** The meter of a group stops. */
  public record Closing(ContainerGroupId group, Instant at) {}

  private final JdbcTemplate jdbc;

  public UsageIntervals(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Opens intervals inside the caller's transaction; a second open one of a group fails. */
  public void open(List<Opening> openings) {
    if (openings.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, gpu_milli, tariff,
           started_at)
        select o.group_id,
               1 + coalesce((select max(i.sequence) from usage_interval i where i.group_id = o.group_id), 0),
               o.account_id, o.region, o.zone, o.milli_cpu, o.memory_mib, o.gpu_milli, o.tariff,
               o.started_at
        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int4[], ?::int4[], ?::int4[],
                    ?::text[], ?::timestamptz[])
          as o (group_id, account_id, region, zone, milli_cpu, memory_mib, gpu_milli, tariff,
                started_at)
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
            .instant(o -> o.at().truncatedTo(ChronoUnit.SECONDS)));
  }

  /** Closes the open intervals of groups inside the caller's transaction. */
  public void close(List<Closing> closings) {
    if (closings.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update usage_interval i
        set ended_at = greatest(i.started_at, c.ended_at)
        from unnest(?::text[], ?::timestamptz[]) as c (group_id, ended_at)
        where i.group_id = c.group_id and i.ended_at is null
        """,
        Columns.of(closings)
            .text(c -> c.group().value())
            .instant(c -> c.at().truncatedTo(ChronoUnit.SECONDS)));
  }
}
