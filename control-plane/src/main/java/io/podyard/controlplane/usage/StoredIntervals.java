package io.podyard.controlplane.usage;

import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import io.podyard.billing.UsageInterval;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads usage intervals, always of one account. */
@Component
class StoredIntervals {

  /**
   * What an account used of one kind in one region.
   *
   * @param seconds of all groups together
   */
  record Used(RegionId region, Metered metered, long seconds) {}

  private static final String TOUCHES_PERIOD =
      "account_id = ? and started_at < ? and (ended_at is null or ended_at > ?)";

  private final JdbcTemplate jdbc;

  StoredIntervals(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** All intervals of the given groups, in order of group and sequence. */
  List<UsageInterval> of(AccountId account, List<ContainerGroupId> groups) {
    return jdbc
        .query(
            """
            select group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at,
                   ended_at, gpu_milli, tariff
            from usage_interval where group_id = any(?::text[])
            order by group_id, sequence
            """,
            Columns.of(groups).text(ContainerGroupId::value),
            (row, n) -> interval(row))
        .stream()
        .filter(interval -> interval.account().equals(account))
        .toList();
  }

  /** Groups whose meter ran in the period, newest first. */
  List<ContainerGroupId> groups(
      AccountId account, Period period, @Nullable ContainerGroupId after, int limit) {
    List<Object> arguments = periodOf(account, period);
    String sql = "select distinct group_id from usage_interval where " + TOUCHES_PERIOD;
    if (after != null) {
      sql += " and group_id < ?";
      arguments.add(after.value());
    }
    arguments.add(limit);
    return jdbc.query(
        sql + " order by group_id desc limit ?",
        (row, n) -> new ContainerGroupId(row.getString(1)),
        arguments.toArray());
  }

  /**
   * Seconds used in the period, by region and what was metered; what is still open runs to its end.
   */
  List<Used> used(AccountId account, Period period) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(timestamp(period.end()));
    arguments.add(timestamp(period.end()));
    arguments.add(timestamp(period.start()));
    arguments.addAll(periodOf(account, period));
    return jdbc.query(
        """
        select region, milli_cpu, memory_mib, gpu_milli, tariff,
               sum(extract(epoch from least(coalesce(ended_at, ?), ?) - greatest(started_at, ?)))::int8
        from usage_interval where %s
        group by region, milli_cpu, memory_mib, gpu_milli, tariff
        order by region, milli_cpu, memory_mib, gpu_milli, tariff
        """
            .formatted(TOUCHES_PERIOD),
        (row, n) ->
            new Used(
                new RegionId(row.getString(1)),
                new Metered(
                    Size.of(row.getInt(2), row.getInt(3)),
                    row.getInt(4),
                    new Tariff(row.getString(5))),
                row.getLong(6)),
        arguments.toArray());
  }

  private static List<Object> periodOf(AccountId account, Period period) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(account.value());
    arguments.add(timestamp(period.end()));
    arguments.add(timestamp(period.start()));
    return arguments;
  }

  private static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static UsageInterval interval(ResultSet row) throws SQLException {
    OffsetDateTime end = row.getObject(9, OffsetDateTime.class);
    return new UsageInterval(
        new ContainerGroupId(row.getString(1)),
        row.getInt(2),
        new AccountId(row.getString(3)),
        new RegionId(row.getString(4)),
        new ZoneId(row.getString(5)),
        Size.of(row.getInt(6), row.getInt(7)),
        row.getInt(10),
        new Tariff(row.getString(11)),
        row.getObject(8, OffsetDateTime.class).toInstant(),
        end == null ? null : end.toInstant());
  }
}
