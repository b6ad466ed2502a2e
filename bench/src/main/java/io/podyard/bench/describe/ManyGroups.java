package io.podyard.bench.describe;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a server's database with copies of one real group. Nobody drives them: the lease is taken
 * from the server, as another process would take it.
 */
final class ManyGroups {

  private final Connection database;

  ManyGroups(Connection database) {
    this.database = database;
  }

  /** Takes the leases of all hosts for as long as the database lives. */
  void takeLeases() throws SQLException {
    try (Statement statement = database.createStatement()) {
      int _ =
          statement.executeUpdate(
              "update shard_lease set holder = 'bench', epoch = epoch + 1, expires_at ="
                  + " 'infinity'");
    }
  }

  /** Copies a group that runs. */
  void live(String like, int count) throws SQLException {
    List<String> values = new ArrayList<>();
    for (String column : columns()) {
      values.add(
          switch (column) {
            case "id" -> "'eci-' || lpad(number::text, 20, '0')";
            case "name" -> "'bench-' || number";
            default -> column;
          });
    }
    int _ =
        update(
            """
            insert into container_group (%s)
            select %s from container_group, generate_series(1, %d) number where id = ?
            """
                .formatted(String.join(", ", columns()), String.join(", ", values), count),
            like);
  }

  /** Copies a group into the history, ended over the last month. */
  void ended(String like, int count) throws SQLException {
    int _ =
        update(
            """
            insert into container_group_history
              (id, account_id, region, name, status, record, created_at, ended_at)
            select 'eci-e' || lpad(number::text, 19, '0'), account_id, region, name, 'Succeeded',
                   to_jsonb(container_group), created_at, now() - number * interval '2 seconds'
            from container_group, generate_series(1, %d) number where id = ?
            """
                .formatted(count),
            like);
  }

  /** As PostgreSQL does by itself some time after so much was written. */
  void settle() throws SQLException {
    try (Statement statement = database.createStatement()) {
      boolean _ = statement.execute("vacuum analyze container_group, container_group_history");
    }
  }

  private int update(String sql, String id) throws SQLException {
    try (PreparedStatement statement = database.prepareStatement(sql)) {
      statement.setString(1, id);
      return statement.executeUpdate();
    }
  }

  private List<String> columns() throws SQLException {
    List<String> columns = new ArrayList<>();
    try (ResultSet found =
        database.getMetaData().getColumns(null, "public", "container_group", null)) {
      while (found.next()) {
        columns.add(found.getString("COLUMN_NAME"));
      }
    }
    return columns;
  }
}
