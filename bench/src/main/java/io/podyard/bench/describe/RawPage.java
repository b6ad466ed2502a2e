package io.podyard.bench.describe;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The rows of a page and the bounded count of all, by plain JDBC over one connection. */
final class RawPage implements AutoCloseable {

  private static final int MOST_COUNTED = 10_000;

  private final PreparedStatement page;
  private final PreparedStatement count;

  RawPage(Connection database, String account, String region, int limit) throws SQLException {
    String mine = "from container_group where account_id = ? and region = ? and deleted_at is null";
    this.count =
        database.prepareStatement(
            "select count(*) from (select 1 %s limit %d) counted".formatted(mine, MOST_COUNTED));
    this.page =
        database.prepareStatement(
            "select * %s and id < ? order by id desc limit %d".formatted(mine, limit + 1));
    for (PreparedStatement statement : new PreparedStatement[] {count, page}) {
      statement.setString(1, account);
      statement.setString(2, region);
    }
  }

  /**
   * Reads every value of every row.
   *
   * @param after the id that the page begins after
   * @return how many groups there are, so far as they are counted
   */
  int read(String after) throws SQLException {
    int total;
    try (ResultSet rows = count.executeQuery()) {
      rows.next();
      total = rows.getInt(1);
    }
    page.setString(3, after);
    try (ResultSet rows = page.executeQuery()) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          String _ = rows.getString(i);
        }
      }
    }
    return total;
  }

  @Override
  public void close() throws SQLException {
    page.close();
    count.close();
  }
}
