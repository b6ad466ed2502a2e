package io.podyard.controlplane.write;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Statements that go to the database together: there and back once for all of them, in their order,
 * where each alone would go for itself. A transaction that holds what others wait for does not wait
 * between them for its turn on a processor.
 */
public final class Together {

  private static final RowCallbackHandler NO_ROWS = row -> {};

  private record Part(String sql, @Nullable Columns<?> values, RowCallbackHandler rows) {}

  private final JdbcTemplate jdbc;
  private final List<Part> parts = new ArrayList<>();

  public Together(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds a statement without parameters. */
  public void add(String sql) {
    parts.add(new Part(sql, null, NO_ROWS));
  }

  /** Adds a statement that gives no rows. */
  public void add(String sql, Columns<?> values) {
    add(sql, values, NO_ROWS);
  }

  /**
   * Adds a statement.
   *
   * @param rows gets each of its rows when all are sent
   */
  public void add(String sql, Columns<?> values, RowCallbackHandler rows) {
    parts.add(new Part(sql, values, rows));
  }

  /** Sends what was added since the last time. The first that fails has the others undone. */
  public void send() {
    if (parts.isEmpty()) {
      return;
    }
    List<Part> sent = List.copyOf(parts);
    parts.clear();
    String all = sent.stream().map(Part::sql).collect(Collectors.joining(";\n"));
    Object _ = jdbc.execute(all, (PreparedStatement statement) -> execute(statement, sent));
  }

  private static boolean execute(PreparedStatement statement, List<Part> parts)
      throws SQLException {
    int parameter = 1;
    for (Part part : parts) {
      Columns<?> values = part.values();
      parameter = values == null ? parameter : values.setValues(statement, parameter);
    }
    boolean hasRows = statement.execute();
    for (Part part : parts) {
      if (hasRows) {
        try (ResultSet row = statement.getResultSet()) {
          while (row.next()) {
            part.rows().processRow(row);
          }
        }
      }
      hasRows = statement.getMoreResults();
    }
    return true;
  }
}
