package io.podyard.controlplane.ops;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The files that tasks made, in the database, where every process reaches them and where they
 * outlive their group and its host. In parts, each written by itself, so that neither memory nor a
 * transaction holds the whole.
 */
@Component
class OpsFiles {

  static final int CHUNK_BYTES = 256 * 1024;

  private static final int BATCH = 20;

  private final JdbcTemplate jdbc;

  OpsFiles(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A result that can be read.
   *
   * @param name under which it is saved
   */
  record Stored(long file, long bytes, OpsType type, String name) {}

  /** Makes a place for a file, which nobody reads before a task names it. */
  long begin() {
    return Objects.requireNonNull(
        jdbc.queryForObject("insert into ops_file default values returning id", Long.class));
  }

  void add(long file, int number, byte[] data) {
    jdbc.update(
        "insert into ops_file_chunk (file_id, number, data) values (?, ?, ?)", file, number, data);
  }

  void end(long file, long bytes) {
    if (jdbc.update("update ops_file set bytes = ? where id = ?", bytes, file) != 1) {
      throw new IllegalStateException("what was begun of file " + file + " is gone");
    }
  }

  void discard(long file) {
    jdbc.update("delete from ops_file where id = ?", file);
  }

  /** What a secret opens now. */
  Optional<Stored> find(ResultSecret secret) {
    return jdbc
        .query(
            """
            select f.id, f.bytes, o.ops_type, o.group_id || to_char(
                o.finished_at at time zone 'UTC', '-YYYYMMDD"T"HH24MISS"Z"')
            from ops_task o join ops_file f on f.id = o.file_id
            where o.secret_hash = ? and o.expires_at > now()
            """,
            (row, n) -> {
              OpsType type = OpsType.named(row.getString(3)).orElseThrow();
              return new Stored(
                  row.getLong(1), row.getLong(2), type, row.getString(4) + type.suffix());
            },
            secret.hash())
        .stream()
        .findFirst();
  }

  Optional<byte[]> chunk(long file, int number) {
    return jdbc
        .query(
            "select data from ops_file_chunk where file_id = ? and number = ?",
            (row, n) -> row.getBytes(1),
            file,
            number)
        .stream()
        .findFirst();
  }

  /** Deletes results whose time is over. */
  int expire() {
    return repeat(
        """
        select id from ops_task where file_id is not null and expires_at <= now()
        order by expires_at limit ? for update skip locked
        """);
  }

  /** Deletes what no task names: of processes that died, and of tasks that were forgotten. */
  int deleteOfNobody(Duration abandoned) {
    return jdbc.update(
        """
        delete from ops_file where id in (
          select f.id from ops_file f
          where f.begun_at < now() - make_interval(secs => ?)
            and not exists (select 1 from ops_task o where o.file_id = f.id)
          order by f.id limit ? for update skip locked)
        """,
        abandoned.toSeconds(),
        BATCH);
  }

  /** Deletes results until they take no more; the oldest of the account that has most go first. */
  int deleteBeyond(long mostBytes) {
    int deleted = 0;
    while (storedBytes() > mostBytes) {
      int more =
          delete(
              """
              select id from ops_task where file_id is not null and account_id = (
                select o.account_id from ops_task o join ops_file f on f.id = o.file_id
                group by o.account_id order by sum(f.bytes) desc limit 1)
              order by finished_at limit ? for update skip locked
              """,
              1);
      if (more == 0) {
        return deleted;
      }
      deleted += more;
    }
    return deleted;
  }

  private long storedBytes() {
    Long bytes =
        jdbc.queryForObject(
            "select coalesce(sum(f.bytes), 0) from ops_task o join ops_file f on f.id = o.file_id",
            Long.class);
    return bytes == null ? 0 : bytes;
  }

  private int repeat(String tasks) {
    int all = 0;
    int some;
    do {
      some = delete(tasks, BATCH);
      all += some;
    } while (some == BATCH);
    return all;
  }

  /** In one statement the tasks let go of their files and the files go. */
  private int delete(String tasks, int most) {
    return jdbc.update(
        """
        with over as (%s),
        let_go as (
          update ops_task o set status = 'Expired', file_id = null, secret_hash = null,
              sealed_secret = null, expires_at = least(o.expires_at, now())
          from over, ops_task before
          where o.id = over.id and before.id = over.id
          returning before.file_id as file)
        delete from ops_file where id in (select file from let_go)
        """
            .formatted(tasks),
        most);
  }
}
