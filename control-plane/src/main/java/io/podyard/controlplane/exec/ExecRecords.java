package io.podyard.controlplane.exec;

import io.podyard.api.EciJson;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.ExecOrder;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Commands that were asked for and run, in the database: whatever process gave out a secret, any
 * other takes it, and by a single statement only one of them does. Times are the database's.
 * Commands are sealed, since people write passwords into them.
 */
@Component
public class ExecRecords {

  /** How long a secret opens something; of a page that was opened, again as long. */
  static final int SECONDS_TO_OPEN = 30;

  /** Of one account; who has so many opens none of them. */
  static final int MOST_UNOPENED = 1000;

  /** Contract section 15: records are kept up to a month. */
  static final int DAYS_KEPT = 31;

  private static final int LONGEST_OUTCOME = 200;

  private final JdbcTemplate jdbc;
  private final SecretBox secrets;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  ExecRecords(JdbcTemplate jdbc, SecretBox secrets, Clock clock) {
    this.jdbc = jdbc;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** A session that may now be opened, once. */
  record Claimed(String id, AskedExec asked) {}

  /**
   * Notes that a command is going to be waited for.
   *
   * @return its id, for {@link #end}
   */
  public String begin(AskedExec asked) {
    String id = newId();
    jdbc.update(
        """
        insert into exec_session
          (id, account_id, access_key, group_id, host_id, container, sealed_command, waited_for,
           stdin, tty, opened_at)
        values (?, ?, ?, ?, ?, ?, ?, true, ?, ?, now())
        """,
        id,
        asked.account().value(),
        asked.key().value(),
        asked.group().value(),
        asked.host().value(),
        asked.container(),
        sealed(id, asked.order().command()),
        asked.order().input(),
        asked.order().terminal());
    return id;
  }

  /**
   * Lets a session be opened by one of two secrets.
   *
   * @return false if the account has too many that wait to be opened
   */
  boolean offer(AskedExec asked, ExecToken socket, ExecToken page) {
    String id = newId();
    return jdbc.update(
            """
            insert into exec_session
              (id, account_id, access_key, group_id, host_id, container, sealed_command, waited_for,
               stdin, tty, socket_hash, page_hash, expires_at)
            select ?, ?, ?, ?, ?, ?, ?, false, ?, ?, ?, ?, now() + make_interval(secs => ?)
            where (select count(*) from exec_session
                   where account_id = ? and opened_at is null and expires_at > now()) < ?
            """,
            id,
            asked.account().value(),
            asked.key().value(),
            asked.group().value(),
            asked.host().value(),
            asked.container(),
            sealed(id, asked.order().command()),
            asked.order().input(),
            asked.order().terminal(),
            socket.hash(),
            page.hash(),
            SECONDS_TO_OPEN,
            asked.account().value(),
            MOST_UNOPENED)
        == 1;
  }

  /** Takes the session of a secret, whose other secret is void from then on. */
  Optional<Claimed> claim(ExecToken socket) {
    return jdbc
        .query(
            """
            update exec_session set opened_at = now(), socket_hash = null, page_hash = null
            where socket_hash = ? and opened_at is null and expires_at > now()
            returning id, account_id, access_key, group_id, host_id, container, sealed_command,
                      stdin, tty
            """,
            (row, n) -> claimed(row),
            socket.hash())
        .stream()
        .findFirst();
  }

  /**
   * Gives a page a secret of its own for its session, in place of the two that there were.
   *
   * @return whether the command has a terminal; empty if the page's secret opens nothing
   */
  Optional<Boolean> swap(ExecToken page, ExecToken socket) {
    return jdbc
        .query(
            """
            update exec_session
            set socket_hash = ?, page_hash = null, expires_at = now() + make_interval(secs => ?)
            where page_hash = ? and opened_at is null and expires_at > now()
            returning tty
            """,
            (row, n) -> row.getBoolean(1),
            socket.hash(),
            SECONDS_TO_OPEN,
            page.hash())
        .stream()
        .findFirst();
  }

  private Claimed claimed(ResultSet row) throws SQLException {
    String id = row.getString(1);
    return new Claimed(
        id,
        new AskedExec(
            new AccountId(row.getString(2)),
            new AccessKeyId(row.getString(3)),
            new ContainerGroupId(row.getString(4)),
            new HostId(row.getString(5)),
            row.getString(6),
            new ExecOrder(opened(id, row.getString(7)), row.getBoolean(8), row.getBoolean(9))));
  }

  /** Notes how a command ended; a second end is none. */
  public void end(String id, @Nullable Integer exitCode, String outcome) {
    String words = outcome.replace("\0", "");
    jdbc.update(
        """
        update exec_session set ended_at = now(), exit_code = ?, outcome = ?
        where id = ? and ended_at is null
        """,
        exitCode,
        words.length() > LONGEST_OUTCOME ? words.substring(0, LONGEST_OUTCOME) : words,
        id);
  }

  /**
   * What was run in a group's containers, newest first.
   *
   * @param before only what is older than this one, null for all
   */
  public List<ExecRecord> page(
      AccountId account, ContainerGroupId group, @Nullable String before, int rows) {
    return jdbc.query(
        """
        select id, access_key, container, sealed_command, waited_for, stdin, tty, opened_at,
               ended_at, exit_code, outcome
        from exec_session
        where group_id = ? and account_id = ? and opened_at is not null
          and (?::text is null or id < ?)
        order by id desc limit ?
        """,
        (row, n) -> {
          OffsetDateTime ended = row.getObject(9, OffsetDateTime.class);
          return new ExecRecord(
              row.getString(1),
              row.getString(2),
              row.getString(3),
              opened(row.getString(1), row.getString(4)),
              row.getBoolean(5),
              row.getBoolean(6),
              row.getBoolean(7),
              row.getObject(8, OffsetDateTime.class).toInstant(),
              ended == null ? null : ended.toInstant(),
              row.getObject(10, Integer.class),
              row.getString(11));
        },
        group.value(),
        account.value(),
        before,
        before,
        rows);
  }

  /** Forgets what nobody opened in time, and what is older than it is kept; how many at once. */
  int forget(int most) {
    return jdbc.update(
            """
            delete from exec_session where ctid = any(array(
              select ctid from exec_session where opened_at is null and expires_at < now()
              order by expires_at limit ? for update skip locked))
            """,
            most)
        + jdbc.update(
            """
            delete from exec_session where ctid = any(array(
              select ctid from exec_session where asked_at < now() - make_interval(days => ?)
              order by asked_at limit ? for update skip locked))
            """,
            DAYS_KEPT,
            most);
  }

  /** Sorts by time, so that pages do. */
  private String newId() {
    return "exec-%012x%016x".formatted(clock.millis(), random.nextLong());
  }

  private String sealed(String id, List<String> command) {
    return secrets.seal(EciJson.rest().writeValueAsString(command), id);
  }

  private List<String> opened(String id, String sealed) {
    return List.of(EciJson.rest().readValue(secrets.open(sealed, id), String[].class));
  }
}
