package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.Metered;
import io.podyard.billing.SpotTerms;
import io.podyard.billing.Tariff;
import io.podyard.billing.UsageInterval;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The intervals of an account that touch an hour, in order of their ids, read as they are asked
 * for. To be used inside one transaction, as often as one likes.
 */
final class HourUsage implements Iterable<UsageInterval>, AutoCloseable {

  /** Twice the same: for the index of what is put away, and for the months it is in. */
  private static final String INTERVALS =
      """
      select i.group_id, i.sequence, i.region, i.zone, i.milli_cpu, i.memory_mib, i.gpu_milli,
             i.tariff, i.storage_gib, i.started_at, i.ended_at, s.created_at, s.protected_until
      from metered_interval i left join spot_group s on s.group_id = i.group_id
      where i.account_id = ? and i.started_at < ? and (i.ended_at is null or i.ended_at > ?)
        and tstzrange(i.started_at, i.ended_at, '[]') && tstzrange(?, ?, '()')
      order by i.group_id collate "C", i.sequence
      """;

  private final JdbcTemplate jdbc;
  private final AccountHour of;
  private final List<Stream<UsageInterval>> open = new ArrayList<>();

  HourUsage(JdbcTemplate jdbc, AccountHour of) {
    this.jdbc = jdbc;
    this.of = of;
  }

  @Override
  public Iterator<UsageInterval> iterator() {
    OffsetDateTime start = of.hour().start().atOffset(ZoneOffset.UTC);
    OffsetDateTime end = of.hour().end().atOffset(ZoneOffset.UTC);
    Stream<UsageInterval> intervals =
        jdbc.queryForStream(
            INTERVALS, (row, n) -> interval(row), of.account().value(), end, start, start, end);
    open.add(intervals);
    return intervals.iterator();
  }

  private UsageInterval interval(ResultSet row) throws SQLException {
    Instant created = instant(row, 12);
    Instant until = instant(row, 13);
    return new UsageInterval(
        new ContainerGroupId(row.getString(1)),
        row.getInt(2),
        of.account(),
        new RegionId(row.getString(3)),
        new ZoneId(row.getString(4)),
        new Metered(
            Size.of(row.getInt(5), row.getInt(6)),
            row.getInt(7),
            new Tariff(row.getString(8)),
            row.getInt(9)),
        Objects.requireNonNull(instant(row, 10)),
        instant(row, 11),
        created == null || until == null ? null : new SpotTerms(created, until));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  @Override
  public void close() {
    open.forEach(Stream::close);
  }
}
