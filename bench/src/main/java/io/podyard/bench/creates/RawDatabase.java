package io.podyard.bench.creates;

import io.podyard.bench.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A second database in the server's PostgreSQL with the same tables, indexes and constraints, made
 * by the same migrations, and with the same hosts.
 */
final class RawDatabase {

  private static final String NAME = "bench_raw";

  private final Database server;

  private RawDatabase(Database server) {
    this.server = server;
  }

  static RawDatabase make(Database server) throws SQLException {
    server.add(NAME);
    RawDatabase made = new RawDatabase(server);
    try (Connection from = server.connect();
        Connection to = made.connect()) {
      for (String table : List.of("account", "zone", "pool", "host")) {
        copy(table, from, to);
      }
      try (Statement statement = to.createStatement()) {
        // More room than the server's hosts have: raw writes soon outnumber its groups.
        statement.execute(
            "update host set reserved_milli_cpu = 0, reserved_memory_mib = 0,"
                + " allocatable_milli_cpu = 2000000000, allocatable_memory_mib = 2000000000");
      }
    }
    return made;
  }

  private static void copy(String table, Connection from, Connection to) throws SQLException {
    try (PreparedStatement read =
            from.prepareStatement("select to_jsonb(t)::text from " + table + " t");
        ResultSet rows = read.executeQuery();
        PreparedStatement write =
            to.prepareStatement(
                "insert into %1$s select * from jsonb_populate_record(null::%1$s, ?::jsonb)"
                    .formatted(table))) {
      while (rows.next()) {
        write.setString(1, rows.getString(1));
        write.addBatch();
      }
      int[] _ = write.executeBatch();
    }
  }

  Connection connect() throws SQLException {
    return server.connect(NAME);
  }

  /** The tables that creates fill are empty again, as if new. */
  void empty() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "truncate container_group, client_token, request_nonce, reservation, group_event cascade");
      statement.execute("update host set reserved_milli_cpu = 0, reserved_memory_mib = 0");
      statement.execute("checkpoint");
    }
  }

  List<String> hosts() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement read = connection.prepareStatement("select id from host order by id");
        ResultSet rows = read.executeQuery()) {
      List<String> hosts = new ArrayList<>();
      while (rows.next()) {
        hosts.add(rows.getString(1));
      }
      return hosts;
    }
  }
}
