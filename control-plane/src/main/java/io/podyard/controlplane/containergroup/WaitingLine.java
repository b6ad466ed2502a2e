package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.placement.RegionCapacity;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

/**
 * The groups that wait for a host, in the order in which they get one: the same in every process
 * that knows the same hosts, because the rest is a matter of the tables alone.
 *
 * <p>Whose turn it is depends on what the accounts have: next is always a group of the account that
 * has least in the region, what the groups before it in the line will take counted as had, and of
 * that account the oldest. So an account that floods the line waits behind one that wants little,
 * and as soon as that has as much as the other they take turns, by size.
 *
 * <p>How much an account has is its share of all vCPU of the region or of all its GPUs, whichever
 * is larger: dominant-resource fairness of these two. vCPU is counted exactly at every commit, see
 * {@code quota}, and few groups have GPUs, so both are cheap to add up. Memory is not counted: that
 * would take a look at all groups of all accounts each time. Spot groups have spare capacity: all
 * of them come after the others, and take turns likewise.
 */
@Component
class WaitingLine {

  private static final String COLUMNS =
      "id, account_id, generation, version, message, created_at, deadline_at, spot";

  private static final String ARE_WAITING = "host_id is null and status = 'Scheduling'";

  /**
   * The same of groups whose ids are known, in words that keep the planner from the index of those
   * that wait: it often believes that there are none, and would look at all of them each time.
   */
  static final String WAITS = "coalesce(host_id, '') = '' and status = 'Scheduling'";

  /**
   * What an account has of vCPU is all that counts in its quota without what waits. Of GPUs it is
   * what is reserved, which is looked at only where there are some, as are the GPUs that groups
   * wait for: they are in their documents alone.
   */
  private static final String IN_TURN =
      """
      select %s from (
        select g.*,
               greatest(
                 (coalesce(q.used_milli_cpu, 0) - sum(g.milli_cpu) over whole
                    + sum(g.milli_cpu) over so_far - g.milli_cpu)::float8
                   / coalesce(nullif(g.all_milli_cpu, 0), 1),
                 (coalesce(h.gpu_milli, 0) + sum(g.gpu_milli) over so_far - g.gpu_milli)::float8
                   / nullif(g.all_gpu_milli, 0)) as has_then
        from (
          select %s, region, milli_cpu, all_milli_cpu, all_gpu_milli, %s as gpu_milli
          from container_group
          left join unnest(?::text[], ?::int8[], ?::int8[])
            as c (of_region, all_milli_cpu, all_gpu_milli) on c.of_region = region
          where %s
          offset 0) g
        left join quota_used q on q.account_id = g.account_id and q.region = g.region
        left join (
          select o.account_id, o.region,
                 sum(bit_count(r.gpu_devices::bit(64)) * r.gpu_milli_each) as gpu_milli
          from reservation r join container_group o on o.id = r.group_id
          where %s and r.gpu_devices <> 0
          group by o.account_id, o.region) h
          on h.account_id = g.account_id and h.region = g.region
        window whole as (partition by g.account_id, g.region),
               so_far as (partition by g.account_id, g.region
                          order by g.spot, g.created_at, g.id)) line
      order by spot, has_then, created_at, id limit %d
      """;

  private static final String WAITS_FOR_GPUS =
      """
      case when all_gpu_milli > 0
           then coalesce((spec #>> '{gpus,count}')::int8 * (spec #>> '{gpus,milliEach}')::int8, 0)
           else 0 end\
      """;

  private static final RowMapper<WaitingGroup> ROWS =
      (row, n) ->
          new WaitingGroup(
              new ContainerGroupId(row.getString(1)),
              new AccountId(row.getString(2)),
              row.getLong(3),
              row.getLong(4),
              row.getString(5),
              row.getObject(6, OffsetDateTime.class).toInstant(),
              Optional.ofNullable(row.getObject(7, OffsetDateTime.class))
                  .map(OffsetDateTime::toInstant)
                  .orElse(null),
              row.getBoolean(8));

  private final JdbcTemplate jdbc;
  private final GroupRows rows;

  WaitingLine(JdbcTemplate jdbc, GroupRows rows) {
    this.jdbc = jdbc;
    this.rows = rows;
  }

  /**
   * Those whose turn is first, the first of them first.
   *
   * @param capacities what is shared; in a region that is not among them vCPU count alone
   */
  List<WaitingGroup> first(int most, List<RegionCapacity> capacities) {
    boolean anyGpus = capacities.stream().anyMatch(region -> region.gpuMilli() > 0);
    return jdbc.query(
        IN_TURN.formatted(
            COLUMNS, COLUMNS, anyGpus ? WAITS_FOR_GPUS : "0::int8", ARE_WAITING, anyGpus, most),
        Columns.of(capacities)
            .text(region -> region.region().value())
            .bigint(RegionCapacity::milliCpu)
            .bigint(RegionCapacity::gpuMilli),
        ROWS);
  }

  /**
   * Those that wait longest, whoever's they are.
   *
   * @param after only those that wait for less long than this one; null for all
   */
  List<WaitingGroup> oldest(@Nullable WaitingGroup after, int most) {
    OffsetDateTime since = after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC);
    return jdbc.query(
        """
        select %s from container_group
        where %s and (?::timestamptz is null or (created_at, id) > (?::timestamptz, ?))
        order by created_at, id limit ?
        """
            .formatted(COLUMNS, ARE_WAITING),
        ROWS,
        since,
        since,
        after == null ? "" : after.id().value(),
        most);
  }

  /** Those of the groups that wait still. */
  Set<ContainerGroupId> stillWaiting(Collection<ContainerGroupId> groups) {
    return new HashSet<>(
        jdbc.query(
            "select id from container_group where id = any(?::text[]) and goal = 'RUN' and "
                + WAITS,
            Columns.of(List.copyOf(groups)).text(ContainerGroupId::value),
            (row, n) -> new ContainerGroupId(row.getString(1))));
  }

  /**
   * Whole groups, without those that are gone.
   *
   * @param unreadable told of those whose row cannot be read
   */
  List<GroupRecord> read(
      Collection<ContainerGroupId> ids, BiConsumer<ContainerGroupId, RuntimeException> unreadable) {
    return jdbc
        .query(
            "select "
                + GroupRows.COLUMNS
                + " from container_group where id = any(?::text[]) and "
                + WAITS,
            Columns.of(List.copyOf(ids)).text(ContainerGroupId::value),
            (row, n) -> {
              try {
                return Optional.of(rows.mapRow(row, n));
              } catch (RuntimeException poison) {
                unreadable.accept(new ContainerGroupId(row.getString("id")), poison);
                return Optional.<GroupRecord>empty();
              }
            })
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }
}
