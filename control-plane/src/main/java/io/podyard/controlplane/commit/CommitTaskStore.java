package io.podyard.controlplane.commit;

import io.podyard.controlplane.hosttask.HostTaskTable;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rows of tasks. What a driver writes names the epoch of its shard and is void under another
 * one; the lease's row is locked against a takeover meanwhile.
 */
@Component
class CommitTaskStore {

  static final String COLUMNS =
      """
      id, group_id, container, host_id, shard, image, author, message, access, status,
      status_message, phase, created_at, deadline_at, based_at, committed_at, finished_at\
      """;

  /** Rows of one statement that forgets. */
  private static final String OF_HOLDER =
      "with held as (select shard from shard_lease where shard = ? and epoch = ? for key share) ";

  /** What became of a wish to begin a task. */
  enum Beginning {
    BEGUN,
    /** The account has as many as it may have. */
    TOO_MANY,
    /** The group does not run any more. */
    NOT_RUNNING
  }

  /**
   * A task to be.
   *
   * @param access sealed
   */
  record NewTask(
      String id,
      AccountId account,
      ContainerGroupId group,
      String container,
      String image,
      String author,
      String message,
      String access,
      Instant createdAt,
      Instant deadlineAt) {}

  private final JdbcTemplate jdbc;
  private final HostTaskTable table;
  private final TransactionTemplate transaction;
  private final CommitPoints points;

  CommitTaskStore(JdbcTemplate jdbc, TransactionTemplate jdbcTransaction, CommitPoints points) {
    this.jdbc = jdbc;
    this.table = new HostTaskTable(jdbc, "commit_task");
    this.transaction = jdbcTransaction;
    this.points = points;
  }

  HostTaskTable table() {
    return table;
  }

  /**
   * Begins a task on the host of its group.
   *
   * @param most tasks of the account that may run
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
        "commit-tasks-of:" + task.account());
    Integer running =
        jdbc.queryForObject(
            "select count(*) from commit_task where account_id = ? and status = 'Running'",
            Integer.class,
            task.account().value());
    if (running != null && running >= most) {
      return Beginning.TOO_MANY;
    }
    int inserted =
        jdbc.update(
            """
            insert into commit_task (id, account_id, region, group_id, container, host_id, shard,
                image, author, message, access, status, phase, created_at, deadline_at)
            select ?, account_id, region, id, ?, host_id, shard, ?, ?, ?, ?, 'Running',
                'PullBaseImage', ?, ?
            from container_group
            where id = ? and account_id = ? and status = 'Running' and host_id is not null
              and released_at is null
            """,
            task.id(),
            task.container(),
            task.image(),
            task.author(),
            task.message(),
            task.access(),
            at(task.createdAt()),
            at(task.deadlineAt()),
            task.group().value(),
            task.account().value());
    return inserted == 1 ? Beginning.BEGUN : Beginning.NOT_RUNNING;
  }

  /**
   * What is to be done on the hosts of shards, the oldest of each host first.
   *
   * @param perHost at most so many of each host
   */
  List<CommitTask> toDo(Collection<Integer> shards, int perHost) {
    return jdbc.query(
        """
        select %s from (
          select *, row_number() over (
              partition by host_id order by (status <> 'Running'), id) as place
          from commit_task where shard = any(?::int4[]) and cleared_at is null) ordered
        where place <= ? order by id
        """
            .formatted(COLUMNS),
        statement -> {
          statement.setArray(1, statement.getConnection().createArrayOf("int4", shards.toArray()));
          statement.setInt(2, perHost);
        },
        (row, n) -> task(row));
  }

  /** Notes that a phase is over and the next one begins; false if that is not ours to say. */
  boolean advance(CommitTask task, CommitPhase next, Instant now, long epoch) {
    String column = next == CommitPhase.COMMIT_CONTAINER ? "based_at" : "committed_at";
    return write(
        "advanceCommit",
        () ->
            jdbc.update(
                    OF_HOLDER
                        + "update commit_task set phase = ?, status_message = '', "
                        + column
                        + " = ? where id = ? and status = 'Running' and shard in (select shard"
                        + " from held)",
                    task.shard(),
                    epoch,
                    next.wireName(),
                    at(now),
                    task.id())
                == 1);
  }

  /** Notes why a task gets no further for now. */
  void waits(CommitTask task, String why, long epoch) {
    jdbc.update(
        OF_HOLDER
            + "update commit_task set status_message = ? where id = ? and status = 'Running' and"
            + " shard in (select shard from held)",
        task.shard(),
        epoch,
        why,
        task.id());
  }

  /** Ends a task and forgets its logins; false if that is not ours to say. */
  boolean finish(CommitTask task, CommitStatus status, String message, Instant now, long epoch) {
    return write(
        "finishCommit",
        () ->
            jdbc.update(
                    OF_HOLDER
                        + "update commit_task set status = ?, status_message = ?, finished_at = ?,"
                        + " access = null where id = ? and status = 'Running' and shard in"
                        + " (select shard from held)",
                    task.shard(),
                    epoch,
                    status.wireName(),
                    message,
                    at(now),
                    task.id())
                == 1);
  }

  /** Notes that nothing of an ended task is on its host any more. */
  void cleared(CommitTask task, Instant now, long epoch) {
    boolean _ =
        write(
            "clearCommit",
            () ->
                jdbc.update(
                        OF_HOLDER
                            + "update commit_task set cleared_at = ? where id = ? and status <>"
                            + " 'Running' and shard in (select shard from held)",
                        task.shard(),
                        epoch,
                        at(now),
                        task.id())
                    == 1);
  }

  private boolean write(String name, BooleanSupplier write) {
    points.reached(name, Side.BEFORE);
    boolean written = write.getAsBoolean();
    points.reached(name, Side.AFTER);
    return written;
  }

  static CommitTask task(ResultSet row) throws SQLException {
    return new CommitTask(
        row.getString("id"),
        new ContainerGroupId(row.getString("group_id")),
        row.getString("container"),
        new HostId(row.getString("host_id")),
        row.getInt("shard"),
        row.getString("image"),
        row.getString("author"),
        row.getString("message"),
        row.getString("access"),
        CommitStatus.named(row.getString("status")).orElseThrow(),
        row.getString("status_message"),
        CommitPhase.named(row.getString("phase")),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("deadline_at", OffsetDateTime.class).toInstant(),
        instant(row, "based_at"),
        instant(row, "committed_at"),
        instant(row, "finished_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
