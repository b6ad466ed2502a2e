package io.podyard.controlplane.ops;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.hosttask.HostTaskTable;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.Occurrence;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows of tasks. What a driver writes names the epoch of its shard and is void under another
 * one; the lease's row is locked against a takeover meanwhile.
 */
@Component
class OpsTaskStore {

  /** Of one look and one host: of those that take nothing but a moment. */
  private static final int MOST_AT_ONCE = 200;

  /**
   * Whether a task's group is there and has what the task needs: to run on, or for a core dump that
   * something of it may still be on its host.
   */
  private static final String WANTED =
      "coalesce(g.id is not null and g.released_at is null and (o.ops_type = 'coredump'"
          + " or g.goal = 'RUN' and g.final_at is null), false)";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String OF_HOLDER =
      "with held as (select shard from shard_lease where shard = ? and epoch = ? for key share) ";

  /** What became of a wish to begin a task. */
  enum Beginning {
    BEGUN,
    /** The account has as many as it may have. */
    TOO_MANY,
    /** The group has one of the kind already. */
    UNDER_WAY,
    /** The group is not, or not any more, as such a task needs it. */
    NOT_RUNNING
  }

  /** A task to be. */
  record NewTask(
      String id,
      AccountId account,
      ContainerGroupId group,
      OpsWish wish,
      Instant createdAt,
      Instant beginBy,
      Duration longest) {}

  /**
   * The result of a task.
   *
   * @param sealedSecret opens for the task's id
   */
  record Result(long file, ResultSecret secret, String sealedSecret, Instant expiresAt) {}

  private final JdbcTemplate jdbc;
  private final HostTaskTable table;
  private final TransactionTemplate transaction;
  private final GroupEvents events;
  private final CommitPoints points;

  OpsTaskStore(
      JdbcTemplate jdbc,
      TransactionTemplate jdbcTransaction,
      GroupEvents events,
      CommitPoints points) {
    this.jdbc = jdbc;
    this.table = new HostTaskTable(jdbc, "ops_task");
    this.transaction = jdbcTransaction;
    this.events = events;
    this.points = points;
  }

  HostTaskTable table() {
    return table;
  }

  /**
   * Begins a task on the host of its group.
   *
   * @param most tasks of the account that may be under way
   */
  Beginning begin(NewTask task, int most) {
    Beginning beginning = transaction.execute(_ -> beginLocked(task, most));
    return beginning == null ? Beginning.NOT_RUNNING : beginning;
  }

  private Beginning beginLocked(NewTask task, int most) {
    // Two requests of one account at once must not both be the last one.
    jdbc.query(
        "select pg_advisory_xact_lock(hashtextextended(?, 0))",
        row -> {},
        "ops-tasks-of:" + task.account());
    record UnderWay(String group, String type) {}
    List<UnderWay> underWay =
        jdbc.query(
            "select group_id, ops_type from ops_task where account_id = ? and status = 'Ready'",
            (row, n) -> new UnderWay(row.getString(1), row.getString(2)),
            task.account().value());
    if (underWay.contains(new UnderWay(task.group().value(), task.wish().type().wireName()))) {
      return Beginning.UNDER_WAY;
    }
    if (underWay.size() >= most) {
      return Beginning.TOO_MANY;
    }
    OpsWish.Packets packets = task.wish() instanceof OpsWish.Packets wish ? wish : null;
    int inserted =
        jdbc.update(
            """
            insert into ops_task (id, account_id, region, group_id, host_id, shard, ops_type,
                filter, image, status, created_at, begin_by, seconds)
            select ?, account_id, region, id, host_id, shard, ?, ?::jsonb, ?, 'Ready', ?, ?, ?
            from container_group
            where id = ? and account_id = ? and host_id is not null and released_at is null
              and case ?::text when 'tcpdump' then status = 'Running'
                else goal = 'RUN' and final_at is null end
            """,
            task.id(),
            task.wish().type().wireName(),
            packets == null ? null : JSON.writeValueAsString(packets.filter()),
            packets == null ? null : packets.image(),
            at(task.createdAt()),
            at(task.beginBy()),
            task.longest().toSeconds(),
            task.group().value(),
            task.account().value(),
            task.wish().type().wireName());
    return inserted == 1 ? Beginning.BEGUN : Beginning.NOT_RUNNING;
  }

  /** Asks for the end of a group's task; without one there is nothing to do. */
  void close(AccountId account, ContainerGroupId group, OpsType type) {
    jdbc.update(
        "update ops_task set closing = true where group_id = ? and account_id = ? and ops_type = ?"
            + " and status = 'Ready'",
        group.value(),
        account.value(),
        type.wireName());
  }

  /**
   * What is to be done on the hosts of shards, the oldest of each host first. Of the captures that
   * have not ended only as many as may go on at once; those that have begun go first. What only
   * waits for a crash is nothing to be done.
   */
  List<OpsTask> toDo(Collection<Integer> shards, int perHost) {
    return jdbc.query(
        """
        select o.*, %1$s as wanted
        from (
          select *, row_number() over (
              partition by host_id, ops_type, finished_at is null order by begun_at is null, id)
              as place
          from ops_task where shard = any(?::int4[]) and cleared_at is null) o
        left join container_group g on g.id = o.group_id
        where place <= case when ops_type = 'tcpdump' and finished_at is null then ? else %2$d end
          and (ops_type = 'tcpdump' or finished_at is not null or begun_at is null or closing
            or begun_at + make_interval(secs => seconds) <= now() or not %1$s)
        order by o.id
        """
            .formatted(WANTED, MOST_AT_ONCE),
        statement -> {
          statement.setArray(1, statement.getConnection().createArrayOf("int4", shards.toArray()));
          statement.setInt(2, perHost);
        },
        (row, n) -> task(row));
  }

  /** The task that waits for a core dump of a group. */
  Optional<OpsTask> awaitingDump(ContainerGroupId group) {
    return jdbc
        .query(
            """
            select *, true as wanted from ops_task
            where group_id = ? and ops_type = 'coredump' and status = 'Ready' and not closing
            """,
            (row, n) -> task(row),
            group.value())
        .stream()
        .findFirst();
  }

  /** Whether a task's result can still come, and nobody asked for its end. */
  boolean isWanted(OpsTask task) {
    return !jdbc.queryForList(
            """
            select 1 from ops_task o join container_group g on g.id = o.group_id
            where o.id = ? and not o.closing and %s
            """
                .formatted(WANTED),
            Integer.class,
            task.id())
        .isEmpty();
  }

  /** Notes that a task has begun on its host; false if that is not ours to say. */
  boolean begun(OpsTask task, Instant now, long epoch) {
    return write(
        "beginOps",
        task,
        task.wish().begun(),
        now,
        () ->
            jdbc.update(
                    OF_HOLDER
                        + "update ops_task set begun_at = ? where id = ? and status = 'Ready' and"
                        + " shard in (select shard from held)",
                    task.shard(),
                    epoch,
                    at(now),
                    task.id())
                == 1);
  }

  /**
   * Ends a task; false if that is not ours to say.
   *
   * @param result null without one
   */
  boolean finish(
      OpsTask task,
      OpsStatus status,
      @Nullable Result result,
      Occurrence told,
      Instant now,
      long epoch) {
    return write(
        "finishOps",
        task,
        told,
        now,
        () ->
            jdbc.update(
                    OF_HOLDER
                        + "update ops_task set status = ?, finished_at = ?, file_id = ?,"
                        + " expires_at = ?, secret_hash = ?, sealed_secret = ? where id = ? and"
                        + " status = 'Ready' and shard in (select shard from held)",
                    task.shard(),
                    epoch,
                    status.wireName(),
                    at(now),
                    result == null ? null : result.file(),
                    result == null ? null : at(result.expiresAt()),
                    result == null ? null : result.secret().hash(),
                    result == null ? null : result.sealedSecret(),
                    task.id())
                == 1);
  }

  /** Notes that nothing of an ended task is on its host any more. */
  void cleared(OpsTask task, Instant now, long epoch) {
    points.reached("clearOps", Side.BEFORE);
    jdbc.update(
        OF_HOLDER
            + "update ops_task set cleared_at = ? where id = ? and status <> 'Ready' and shard in"
            + " (select shard from held)",
        task.shard(),
        epoch,
        at(now),
        task.id());
    points.reached("clearOps", Side.AFTER);
  }

  /** A write and what is told of it to the group, if that still has a record. */
  private boolean write(
      String name, OpsTask task, Occurrence told, Instant now, BooleanSupplier write) {
    points.reached(name, Side.BEFORE);
    Boolean written =
        transaction.execute(
            _ -> {
              boolean ours = write.getAsBoolean();
              if (ours && known(task.group())) {
                events.append(List.of(new GroupHappening(task.group(), task.account(), told, now)));
              }
              return ours;
            });
    points.reached(name, Side.AFTER);
    return Boolean.TRUE.equals(written);
  }

  private boolean known(ContainerGroupId group) {
    return !jdbc.queryForList(
            "select 1 from container_group where id = ? for key share",
            Integer.class,
            group.value())
        .isEmpty();
  }

  private static OpsTask task(ResultSet row) throws SQLException {
    return new OpsTask(
        row.getString("id"),
        new AccountId(row.getString("account_id")),
        new ContainerGroupId(row.getString("group_id")),
        new HostId(row.getString("host_id")),
        row.getInt("shard"),
        wish(row),
        OpsStatus.named(row.getString("status")).orElseThrow(),
        row.getBoolean("closing"),
        row.getBoolean("wanted"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("begin_by", OffsetDateTime.class).toInstant(),
        Duration.ofSeconds(row.getInt("seconds")),
        instant(row, "begun_at"),
        instant(row, "finished_at"));
  }

  private static OpsWish wish(ResultSet row) throws SQLException {
    return switch (OpsType.named(row.getString("ops_type")).orElseThrow()) {
      case TCPDUMP ->
          new OpsWish.Packets(
              JSON.readValue(row.getString("filter"), CaptureFilter.class), row.getString("image"));
      case COREDUMP -> new OpsWish.CoreDump();
    };
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
