package io.podyard.controlplane.keptlog;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.pod.ContainerName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** The rows of kept logs. */
final class KeptLogTables {

  /** Most rows that one statement deletes; each may take some chunks along. */
  private static final int BATCH = 50;

  /**
   * A log that is kept.
   *
   * @param firstChunk number of its first chunk; above 0 if its head was cut off
   * @param chunks how many it has
   */
  record Kept(long id, int firstChunk, int chunks) {}

  /**
   * The end of a text.
   *
   * @param id of what was begun, null if nothing had to be so far
   * @param last what is not written yet, null if nothing
   * @param chunks as in {@link Kept}, the last one included
   */
  record Ending(
      ContainerName name,
      @Nullable Long id,
      byte @Nullable [] last,
      int firstChunk,
      int chunks,
      long storedBytes) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  KeptLogTables(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /** Makes a place for a text, which nobody reads before {@link #finish}. */
  long begin(ContainerName name) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "insert into kept_log (group_id, container, attempt) values (?, ?, ?) returning id",
            Long.class,
            name.group().value(),
            name.container(),
            name.attempt()));
  }

  void add(long id, int number, byte[] data) {
    jdbc.update(
        "insert into kept_log_chunk (log_id, number, data) values (?, ?, ?)", id, number, data);
  }

  /**
   * Makes a text the log of its attempt, in place of an earlier one, and drops the attempts that
   * nobody can ask for any more. Of a group without a record nothing is kept.
   */
  void finish(Ending ending) {
    try {
      transaction.executeWithoutResult(_ -> write(ending));
    } catch (DuplicateKeyException e) {
      // Somebody else has just kept the log of this attempt; of a container that ended it is this.
      Long id = ending.id();
      if (id != null) {
        discard(id);
      }
    }
  }

  private void write(Ending ending) {
    ContainerName name = ending.name();
    // The record cannot end before this commits; afterwards nothing is kept of it any more.
    boolean known =
        !jdbc.queryForList(
                "select 1 from container_group where id = ? for key share",
                Integer.class,
                name.group().value())
            .isEmpty();
    Long begun = ending.id();
    if (!known) {
      if (begun != null) {
        discard(begun);
      }
      return;
    }
    long id = begun == null ? begin(name) : begun;
    byte[] last = ending.last();
    if (last != null) {
      add(id, ending.firstChunk() + ending.chunks() - 1, last);
    }
    jdbc.update(
        "delete from kept_log_chunk where log_id = ? and number < ?", id, ending.firstChunk());
    jdbc.update(
        """
        delete from kept_log
        where group_id = ? and container = ? and attempt = ? and kept_at is not null
        """,
        name.group().value(),
        name.container(),
        name.attempt());
    int finished =
        jdbc.update(
            """
            update kept_log set kept_at = now(), first_chunk = ?, chunks = ?, stored_bytes = ?
            where id = ?
            """,
            ending.firstChunk(),
            ending.chunks(),
            ending.storedBytes(),
            id);
    if (finished != 1) {
      throw new IllegalStateException("what was begun of the log of " + name + " is gone");
    }
    jdbc.update(
        """
        delete from kept_log
        where group_id = ? and container = ? and kept_at is not null
          and attempt < (select max(attempt) from kept_log
                         where group_id = ? and container = ? and kept_at is not null) - 1
        """,
        name.group().value(),
        name.container(),
        name.group().value(),
        name.container());
  }

  void discard(long id) {
    jdbc.update("delete from kept_log where id = ?", id);
  }

  Optional<Kept> find(ContainerName name) {
    return jdbc
        .query(
            """
            select id, first_chunk, chunks from kept_log
            where group_id = ? and container = ? and attempt = ? and kept_at is not null
            """,
            (row, n) -> new Kept(row.getLong(1), row.getInt(2), row.getInt(3)),
            name.group().value(),
            name.container(),
            name.attempt())
        .stream()
        .findFirst();
  }

  Optional<byte[]> chunk(long id, int number) {
    return jdbc
        .query(
            "select data from kept_log_chunk where log_id = ? and number = ?",
            (row, n) -> row.getBytes(1),
            id,
            number)
        .stream()
        .findFirst();
  }

  List<Integer> attempts(ContainerGroupId group, String container) {
    return jdbc.query(
        """
        select attempt from kept_log
        where group_id = ? and container = ? and kept_at is not null order by attempt
        """,
        (row, n) -> row.getInt(1),
        group.value(),
        container);
  }

  /** Deletes all of a group, batch by batch. */
  void deleteAll(ContainerGroupId group) {
    repeat(
        """
        delete from kept_log where id in (select id from kept_log where group_id = ? limit ?)
        """,
        group.value(),
        BATCH);
  }

  /** Deletes what belongs to no record; others that do the same do not wait for each other. */
  int deleteOfNobody() {
    return repeat(
        """
        delete from kept_log where id in (
          select l.id from kept_log l
          where not exists (select 1 from container_group g where g.id = l.group_id)
          order by l.id limit ? for update skip locked)
        """,
        BATCH);
  }

  /** Deletes what nobody finished for a long time. */
  int deleteUnfinished(long seconds) {
    return repeat(
        """
        delete from kept_log where id in (
          select id from kept_log
          where kept_at is null and begun_at < now() - make_interval(secs => ?)
          order by id limit ? for update skip locked)
        """,
        seconds,
        BATCH);
  }

  /** Compressed bytes of all that is kept. */
  long storedBytes() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select coalesce(sum(stored_bytes), 0) from kept_log", Long.class));
  }

  /**
   * Deletes what is too much: first of groups that ended, then of the others, each time what was
   * kept first.
   *
   * @param most bytes that may stay
   */
  int deleteBeyond(long most) {
    return repeat(
        """
        delete from kept_log where id in (
          select id from (
            select l.id, sum(l.stored_bytes) over (
                     order by (g.final_at is null) desc, l.kept_at desc, l.id desc) as up_to
            from kept_log l join container_group g on g.id = l.group_id
            where l.kept_at is not null) ordered
          where up_to > ? order by up_to desc limit ?)
        """,
        most,
        BATCH);
  }

  private int repeat(String delete, Object... arguments) {
    int all = 0;
    int deleted;
    do {
      deleted = jdbc.update(delete, arguments);
      all += deleted;
    } while (deleted == BATCH);
    return all;
  }
}
