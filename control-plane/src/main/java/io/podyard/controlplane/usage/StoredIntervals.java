package io.podyard.controlplane.usage;

import io.podyard.billing.Metered;
import io.podyard.billing.SpotTerms;
import io.podyard.billing.Tariff;
import io.podyard.billing.UsageInterval;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Groups have tags, their disks of caches and the volumes they made with them, and caches. */
  private static final String TAGGED =
      """
      and exists (
        select 1
        from (select g.tags from container_group g where g.id = split_part(i.group_id, '.', 1)
              union all
              select h.record -> 'tags' from container_group_history h
              where h.account_id = i.account_id and h.region = i.region
                and h.id = split_part(i.group_id, '.', 1)
              union all
              select c.tags from image_cache c
              where i.tariff like 'image-cache-%' and c.id = split_part(i.group_id, '.', 1)
              union all
              select f.tags from former_image_cache f
              where i.tariff like 'image-cache-%' and f.id = split_part(i.group_id, '.', 1)
              union all
              select c.tags from data_cache c
              where i.tariff like 'data-cache-%' and c.id = split_part(i.group_id, '.', 1)
              union all
              select f.tags from former_data_cache f
              where i.tariff like 'data-cache-%' and f.id = split_part(i.group_id, '.', 1)
              union all
              select g.tags from container_group g where i.tariff = 'volume' and """
          + VolumeMaker.made("i.group_id", "g.id", "g.spec")
          + """

              union all
              select h.record -> 'tags' from container_group_history h
              where i.tariff = 'volume' and """
          + VolumeMaker.made("i.group_id", "h.id", "(h.record -> 'spec')")
          + """
          ) t
        where jsonb_exists(t.tags, ?) and coalesce(t.tags ->> ? = ?::text, true))
      """;

  private final JdbcTemplate jdbc;

  StoredIntervals(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** All intervals of the given groups, in order of group and sequence. */
  List<UsageInterval> of(AccountId account, List<ContainerGroupId> groups) {
    return jdbc
        .query(
            """
            %s where i.group_id = any(?::text[])
            order by i.group_id, i.sequence
            """
                .formatted(IntervalRow.SELECT),
            Columns.of(groups).text(ContainerGroupId::value),
            (row, n) -> IntervalRow.interval(row))
        .stream()
        .filter(interval -> interval.account().equals(account))
        .toList();
  }

  /** Groups whose meter ran in the period, newest first. */
  List<ContainerGroupId> groups(
      AccountId account, Period period, @Nullable ContainerGroupId after, int limit) {
    List<Object> arguments = IntervalRow.touching(account, period);
    String sql = "select distinct group_id from metered_interval i where " + IntervalRow.TOUCHES;
    if (after != null) {
      sql += "and group_id < ?";
      arguments.add(after.value());
    }
    arguments.add(limit);
    return jdbc.query(
        sql + " order by group_id desc limit ?",
        (row, n) -> new ContainerGroupId(row.getString(1)),
        arguments.toArray());
  }

  /** What was agreed with those of the groups that are spot groups. */
  Map<ContainerGroupId, SpotTerms> spotTerms(List<ContainerGroupId> groups) {
    Map<ContainerGroupId, SpotTerms> terms = new HashMap<>();
    jdbc.query(
        """
        select group_id, created_at, protected_until from spot_group
        where group_id = any(?::text[])
        """,
        Columns.of(groups).text(ContainerGroupId::value),
        row -> {
          terms.put(
              new ContainerGroupId(row.getString(1)),
              new SpotTerms(
                  row.getObject(2, OffsetDateTime.class).toInstant(),
                  row.getObject(3, OffsetDateTime.class).toInstant()));
        });
    return terms;
  }

  /** All intervals of spot groups that touch the period. */
  List<UsageInterval> ofSpot(AccountId account, Period period, @Nullable UsageTag tag) {
    List<@Nullable Object> arguments = new ArrayList<>(IntervalRow.touching(account, period));
    arguments.addAll(arguments(tag));
    return jdbc.query(
        IntervalRow.SELECT
            + " where s.group_id is not null and "
            + IntervalRow.TOUCHES
            + condition(tag)
            + " order by i.group_id, i.sequence",
        (row, n) -> IntervalRow.interval(row),
        arguments.toArray());
  }

  /**
   * Seconds used in the period by others than spot groups, by region and what was metered; what is
   * still open runs to its end.
   */
  List<Used> used(AccountId account, Period period, @Nullable UsageTag tag) {
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(timestamp(period.end()));
    arguments.add(timestamp(period.end()));
    arguments.add(timestamp(period.start()));
    arguments.addAll(IntervalRow.touching(account, period));
    arguments.addAll(arguments(tag));
    return jdbc.query(
        """
        select region, milli_cpu, memory_mib, gpu_milli, tariff, storage_gib,
               sum(extract(epoch from least(coalesce(ended_at, ?), ?) - greatest(started_at, ?)))::int8
        from metered_interval i
        where %s and not exists (select 1 from spot_group s where s.group_id = i.group_id)
          %s
        group by region, milli_cpu, memory_mib, gpu_milli, tariff, storage_gib
        order by region, milli_cpu, memory_mib, gpu_milli, tariff, storage_gib
        """
            .formatted(IntervalRow.TOUCHES, condition(tag)),
        (row, n) ->
            new Used(
                new RegionId(row.getString(1)),
                new Metered(
                    Size.of(row.getInt(2), row.getInt(3)),
                    row.getInt(4),
                    new Tariff(row.getString(5)),
                    row.getInt(6)),
                row.getLong(7)),
        arguments.toArray());
  }

  private static String condition(@Nullable UsageTag tag) {
    return tag == null ? "" : TAGGED;
  }

  private static List<@Nullable Object> arguments(@Nullable UsageTag tag) {
    return tag == null ? List.of() : Arrays.asList(tag.key(), tag.key(), tag.value());
  }

  private static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
