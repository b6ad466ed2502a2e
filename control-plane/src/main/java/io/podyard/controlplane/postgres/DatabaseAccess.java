package io.podyard.controlplane.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * How to reach the database of a local PostgreSQL.
 *
 * @param jdbcUrl always on 127.0.0.1, without parameters
 * @param userName the role that owns everything in that server
 * @param password of that role; not shown by {@link #toString}
 */
public record DatabaseAccess(String jdbcUrl, String userName, String password) {

  /** The name of the one role and of the one database. */
  static final String NAME = "podyard";

  /** Long enough for a busy machine, short enough to notice a server that hangs. */
  private static final String ANSWER_SECONDS = "30";

  static DatabaseAccess of(int port, String password) {
    return new DatabaseAccess(url(port, NAME), NAME, password);
  }

  /** A connection to the database for the few statements this package needs itself. */
  Connection connect() throws SQLException {
    return connect(jdbcUrl);
  }

  /** The same server, but the database that is there before ours is. */
  Connection connectForMaintenance() throws SQLException {
    return connect(jdbcUrl.substring(0, jdbcUrl.lastIndexOf('/')) + "/postgres");
  }

  private Connection connect(String url) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", userName);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", ANSWER_SECONDS);
    properties.setProperty("loginTimeout", ANSWER_SECONDS);
    properties.setProperty("socketTimeout", ANSWER_SECONDS);
    properties.setProperty("ApplicationName", "podyard-start");
    return DriverManager.getConnection(url, properties);
  }

  private static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  @Override
  public String toString() {
    return "DatabaseAccess[" + jdbcUrl + ", user " + userName + "]";
  }
}
