package io.podyard.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;

/**
 * The limit of {@link CreateThroughput}: the rows of a create (group, token, nonce, reservation,
 * event) and the update of its host, written by plain JDBC, a hundred groups a transaction, on the
 * same PostgreSQL with its durability on.
 */
public final class RawCreates {

  private static final int GROUPS_PER_TRANSACTION = 100;
  private static final int HOSTS = 1000;

  private final String url;
  private final String user;
  private final String password;

  public RawCreates(String url, String user, String password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** Groups a second over that long, in tables of its own that are dropped again. */
  public double perSecond(Duration time) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      createTables(connection);
      try {
        connection.setAutoCommit(false);
        long start = System.nanoTime();
        long groups = 0;
        int host = 0;
        while (System.nanoTime() - start < time.toNanos()) {
          host = (host + 1) % HOSTS;
          write(connection, host);
          groups += GROUPS_PER_TRANSACTION;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        connection.setAutoCommit(true);
        return groups / seconds;
      } finally {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
          statement.execute("drop schema bench_raw cascade");
        }
      }
    }
  }

  private static void createTables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop schema if exists bench_raw cascade");
      statement.execute("create schema bench_raw");
      for (String table :
          new String[] {
            "container_group", "client_token", "request_nonce", "reservation", "group_event"
          }) {
        statement.execute(
            "create table bench_raw.%1$s (like public.%1$s including all)".formatted(table));
      }
      statement.execute(
          "create table bench_raw.host (id integer primary key, reserved integer not null)"
              + " with (fillfactor = 70)");
      statement.execute(
          "insert into bench_raw.host select i, 0 from generate_series(0, %d) i"
              .formatted(HOSTS - 1));
    }
  }

  private static void write(Connection connection, int host) throws SQLException {
    String[] ids = new String[GROUPS_PER_TRANSACTION];
    Arrays.setAll(ids, i -> "eci-" + UUID.randomUUID());
    insert(
        connection,
        """
        insert into bench_raw.container_group
          (id, account_id, region, name, status, milli_cpu, memory_mib, spec, kept, state, created_at)
        select id, 'acct', 'r', 'bench', 'Scheduling', 250, 512, ?::jsonb, '{}', ?::jsonb, now()
        from unnest(?::text[]) id
        """,
        "{\"version\":1,\"name\":\"bench\",\"containers\":[{\"name\":\"one\",\"image\":\"bench:1\"}]}",
        "{\"phase\":\"PREPARING\",\"containers\":[{\"name\":\"one\",\"attempt\":0}]}",
        ids);
    insert(
        connection,
        """
        insert into bench_raw.client_token (account_id, region, action, token, fingerprint, resource_id)
        select 'acct', 'r', 'CreateContainerGroup', id, md5(id), id from unnest(?::text[]) id
        """,
        (Object) ids);
    insert(
        connection,
        "insert into bench_raw.request_nonce (access_key_id, nonce) select 'k', id from"
            + " unnest(?::text[]) id",
        (Object) ids);
    insert(
        connection,
        """
        insert into bench_raw.reservation (group_id, host_id, milli_cpu, memory_mib)
        select id, 'h', 250, 512 from unnest(?::text[]) id
        """,
        (Object) ids);
    insert(
        connection,
        """
        insert into bench_raw.group_event
          (group_id, reason, message_digest, account_id, type, message, first_at, last_at)
        select id, 'Scheduled', '0', 'acct', 'Normal', 'A host was found.', now(), now()
        from unnest(?::text[]) id
        """,
        (Object) ids);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update bench_raw.host set reserved = reserved + 25000 where id = ?")) {
      statement.setInt(1, host);
      statement.executeUpdate();
    }
    connection.commit();
  }

  private static void insert(Connection connection, String sql, Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] instanceof String[] ids) {
          statement.setArray(i + 1, connection.createArrayOf("text", ids));
        } else {
          statement.setObject(i + 1, arguments[i]);
        }
      }
      statement.executeUpdate();
    }
  }
}
