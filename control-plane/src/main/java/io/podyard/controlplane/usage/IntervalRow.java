package io.podyard.controlplane.usage;

import io.podyard.billing.Metered;
import io.podyard.billing.SpotTerms;
import io.podyard.billing.Tariff;
import io.podyard.billing.UsageInterval;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads rows of the view {@code metered_interval}, with what was agreed with spot groups. */
public final class IntervalRow {

  /** The begin of a query of what {@link #interval} needs; {@code i} is the view. */
  public static final String SELECT =
      """
      select i.group_id, i.sequence, i.account_id, i.region, i.zone, i.milli_cpu, i.memory_mib,
             i.started_at, i.ended_at, i.gpu_milli, i.tariff, i.storage_gib,
             s.created_at as spot_created_at, s.protected_until as spot_protected_until
      from metered_interval i left join spot_group s on s.group_id = i.group_id
      """;

  /**
   * Which of an account touch a period; {@code i} is the view. The same is said twice: for the
   * index of what is put away, and for the months it is in.
   */
  public static final String TOUCHES =
      """
      i.account_id = ? and i.started_at < ? and (i.ended_at is null or i.ended_at > ?)
      and tstzrange(i.started_at, i.ended_at, '[]') && tstzrange(?, ?, '()')
      """;

  private IntervalRow() {}

  /** The arguments of {@link #TOUCHES}, to which others may be added. */
  public static List<Object> touching(AccountId account, Period period) {
    OffsetDateTime start = period.start().atOffset(ZoneOffset.UTC);
    OffsetDateTime end = period.end().atOffset(ZoneOffset.UTC);
    return new ArrayList<>(List.of(account.value(), end, start, start, end));
  }

  /** The interval of a row. */
  public static UsageInterval interval(ResultSet row) throws SQLException {
    Instant created = instant(row, "spot_created_at");
    Instant until = instant(row, "spot_protected_until");
    return new UsageInterval(
        new ContainerGroupId(row.getString("group_id")),
        row.getInt("sequence"),
        new AccountId(row.getString("account_id")),
        new RegionId(row.getString("region")),
        new ZoneId(row.getString("zone")),
        new Metered(
            Size.of(row.getInt("milli_cpu"), row.getInt("memory_mib")),
            row.getInt("gpu_milli"),
            new Tariff(row.getString("tariff")),
            row.getInt("storage_gib")),
        Objects.requireNonNull(instant(row, "started_at")),
        instant(row, "ended_at"),
        created == null || until == null ? null : new SpotTerms(created, until));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
