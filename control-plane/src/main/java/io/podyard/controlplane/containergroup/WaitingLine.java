package io.podyard.controlplane.containergroup;

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
 * The groups that wait for a host, in the order in which they get one: the same in every process,
 * because it is a matter of the tables alone.
 *
 * <p>Whose turn it is depends on what the accounts have: next is always a group of the account that
 * has least vCPU in the region, what the groups before it in the line will take counted as had, and
 * of that account the oldest. So an account that floods the line waits behind one that wants
 * little, and as soon as that has as much as the other they take turns, by size. This is max-min
 * fairness, and dominant-resource fairness where vCPU is the scarce resource; it is vCPU that is
 * counted exactly at every commit, see {@code quota}. Spot groups have spare capacity: all of them
 * come after the others, and take turns likewise.
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

  /** Those whose turn is first, the first of them first. */
  List<WaitingGroup> first(int most) {
    // What an account has is all that counts in its quota without what waits.
    return jdbc.query(
        """
        select %s from (
          select g.*,
                 coalesce(q.used_milli_cpu, 0)
                   - sum(g.milli_cpu) over (partition by g.account_id, g.region)
                   + sum(g.milli_cpu) over (partition by g.account_id, g.region
                                            order by g.spot, g.created_at, g.id) - g.milli_cpu as has_then
          from (
            select %s, region, milli_cpu from container_group where %s) g
          left join quota q on q.account_id = g.account_id and q.region = g.region) line
        order by spot, has_then, created_at, id limit ?
        """
            .formatted(COLUMNS, COLUMNS, ARE_WAITING),
        ROWS,
        most);
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
