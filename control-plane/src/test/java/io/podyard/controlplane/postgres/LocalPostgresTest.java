package io.podyard.controlplane.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.postgres.LocalPostgres.Arrival;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {

  /** The spaces and signs are such as a user's folder may have. */
  @TempDir(factory = OddlyNamedFolder.class)
  Path parent;

  private Path folder() {
    return parent.resolve("postgres");
  }

  @Test
  void theFirstStartMakesADurableDatabaseThatOnlyItsPasswordOpens() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.CREATED);
      assertThat(show(postgres, "fsync")).isEqualTo("on");
      assertThat(show(postgres, "synchronous_commit")).isEqualTo("on");
      assertThat(show(postgres, "full_page_writes")).isEqualTo("on");
      assertThat(show(postgres, "max_connections")).isEqualTo("100");
      assertThat(show(postgres, "listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(show(postgres, "data_checksums")).isEqualTo("on");
      assertThat(show(postgres, "server_encoding")).isEqualTo("UTF8");
      assertThat(show(postgres, "log_timezone")).isEqualTo("UTC");

      assertThatThrownBy(
              () -> new DatabaseAccess(postgres.jdbcUrl(), postgres.userName(), "guess").connect())
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      assertThat(permissions(folder().resolve("password"))).isEqualTo("rw-------");
      assertThat(permissions(folder())).isEqualTo("rwx------");
      assertThat(permissions(folder().resolve("data"))).isEqualTo("rwx------");
      assertThat(postgres.access().toString()).doesNotContain(postgres.password());
    }
  }

  @Test
  void overlapsCanBeForbiddenByTheDatabaseItself() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      run(
          postgres,
          "create extension btree_gist",
          "create table stay (guest int, during int4range,"
              + " exclude using gist (guest with =, during with &&))",
          "insert into stay values (1, '[1,5)'), (1, '[5,7)'), (2, '[1,5)')");

      assertThatThrownBy(() -> run(postgres, "insert into stay values (1, '[4,6)')"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23P01"));
    }
  }

  @Test
  void stoppingAndStartingKeepsDataPortAndPassword() throws Exception {
    String url;
    String password;
    long pid;
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      run(postgres, "create table note (words text)", "insert into note values ('kept')");
      url = postgres.jdbcUrl();
      password = postgres.password();
      pid = postgres.pid();
    }
    assertThat(PostgresProcesses.isWorkingIn(pid, folder().resolve("data"))).isFalse();
    assertThat(LocalPostgres.running(folder())).isEmpty();

    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.STARTED);
      assertThat(postgres.jdbcUrl()).isEqualTo(url);
      assertThat(postgres.password()).isEqualTo(password);
      assertThat(one(postgres, "select words from note")).isEqualTo("kept");
    }
  }

  @Test
  void closingCutsOffWhoeverIsStillConnectedAndMayBeRepeated() throws Exception {
    LocalPostgres postgres = LocalPostgres.open(folder());
    try (Connection connection = postgres.access().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("create table note (words text)");

      postgres.close();
      postgres.close();

      assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void anotherProcessFindsTheRunningServerWithoutTakingIt() throws Exception {
    assertThat(LocalPostgres.running(folder())).isEmpty();
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(LocalPostgres.running(folder())).contains(postgres.access());
    }
    assertThat(LocalPostgres.running(folder())).isEmpty();
  }

  @Test
  void aSecondHolderInTheSameProcessIsRefusedAndDoesNotLoosenTheLock() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> LocalPostgres.open(folder()))
            .isInstanceOf(LocalPostgresException.class)
            .hasMessageContaining(folder().toString())
            .hasMessageContaining("pid " + ProcessHandle.current().pid());
      }
      assertThat(one(postgres, "select 'still here'")).isEqualTo("still here");
      assertThatThrownBy(() -> HoldingProcess.start(folder(), "never"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(folder().toString())
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }
  }

  @Test
  void settingsChangedInsideTheDatabaseDoNotWinOverDurability() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      run(postgres, "alter system set fsync = off", "alter system set full_page_writes = off");
    }
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(show(postgres, "fsync")).isEqualTo("on");
      assertThat(show(postgres, "full_page_writes")).isEqualTo("on");

      // A setting of the role does win over the command line, so this one is refused.
      run(postgres, "alter role podyard set synchronous_commit = off");
    }
    assertThatThrownBy(() -> LocalPostgres.open(folder()))
        .isInstanceOf(LocalPostgresException.class)
        .hasMessageContaining("synchronous_commit is off instead of on");
    assertThat(LocalPostgres.running(folder())).isEmpty();
  }

  @Test
  void aTakenPortIsLeftAloneAndAnotherOneIsKept() throws Exception {
    String before;
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      before = postgres.jdbcUrl();
    }
    int port = Integer.parseInt(Files.readString(folder().resolve("port")).strip());
    String after;
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"));
        LocalPostgres postgres = LocalPostgres.open(folder())) {
      after = postgres.jdbcUrl();
      assertThat(after).isNotEqualTo(before).doesNotContain(":" + other.getLocalPort() + "/");
      assertThat(show(postgres, "fsync")).isEqualTo("on");
    }
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.jdbcUrl()).isEqualTo(after);
    }
  }

  @Test
  void aFirstStartThatWasCutShortIsDoneAgain() throws Exception {
    Path half = folder().resolve("data.new-cut-short/base");
    Files.createDirectories(half);
    Files.writeString(half.resolve("1"), "half written");
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.CREATED);
      assertThat(half.getParent()).doesNotExist();
      try (Connection connection = postgres.access().connectForMaintenance();
          Statement statement = connection.createStatement()) {
        statement.execute("drop database podyard");
      }
    }
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(one(postgres, "select current_database()")).isEqualTo("podyard");
    }
  }

  @Test
  void aServerThatCannotStartGivesItsOwnReason() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.CREATED);
    }
    Files.writeString(folder().resolve("data/PG_VERSION"), "9\n");

    assertThatThrownBy(() -> LocalPostgres.open(folder()))
        .isInstanceOf(LocalPostgresException.class)
        .hasMessageContaining(folder().toString())
        .hasMessageContaining("PostgreSQL version 9");
    // The lock was given back: the reason is the same one, not a folder in use.
    assertThatThrownBy(() -> LocalPostgres.open(folder()))
        .hasMessageContaining("PostgreSQL version 9");
  }

  private static String show(LocalPostgres postgres, String setting) throws SQLException {
    return one(postgres, "show " + setting);
  }

  static String one(LocalPostgres postgres, String query) throws SQLException {
    try (Connection connection = postgres.access().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  static void run(LocalPostgres postgres, String... statements) throws SQLException {
    try (Connection connection = postgres.access().connect();
        Statement statement = connection.createStatement()) {
      for (String sql : List.of(statements)) {
        statement.execute(sql);
      }
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
