package io.podyard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;

/**
 * The way into the PostgreSQL that a server keeps in its data folder.
 *
 * @param pid of its first process
 */
public record Database(int port, long pid, String password) {

  private static final String NAME = "podyard";

  /** Kept here, for a level goes with its logger. It tells every step otherwise. */
  private static final Logger MIGRATIONS = Logger.getLogger("org.flywaydb");

  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;

  /** The PostgreSQL that runs for a data folder of Podyard. */
  public static Database of(Path dataFolder) {
    Path folder = dataFolder.resolve("postgres");
    try {
      List<String> lines = Files.readAllLines(folder.resolve("data").resolve("postmaster.pid"));
      return new Database(
          Integer.parseInt(lines.get(PORT_LINE).strip()),
          Long.parseLong(lines.get(PID_LINE).strip()),
          Files.readString(folder.resolve("password")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("no PostgreSQL runs for " + dataFolder, e);
    }
  }

  public String user() {
    return NAME;
  }

  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Adds a database with the tables of this release and nothing in them. */
  public void add(String database) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + database);
    }
    MIGRATIONS.setLevel(Level.WARNING);
    Flyway.configure()
        .dataSource(url(database), NAME, password)
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  /** A connection to Podyard's own database. */
  public Connection connect() throws SQLException {
    return connect(NAME);
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), NAME, password);
  }

  /** The single value that a query gives. */
  public static String value(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** The settings that make an answered write durable, as the server has them. */
  public static String durability(Connection connection) throws SQLException {
    return "PostgreSQL %s, fsync %s, synchronous_commit %s"
        .formatted(
            value(connection, "show server_version"),
            value(connection, "show fsync"),
            value(connection, "show synchronous_commit"));
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return url(NAME);
  }
}
