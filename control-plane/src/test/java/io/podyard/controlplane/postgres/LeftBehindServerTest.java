package io.podyard.controlplane.postgres;

import static io.podyard.controlplane.postgres.LocalPostgresTest.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.postgres.LocalPostgres.Arrival;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that was killed leaves behind, and what the next one makes of it. */
class LeftBehindServerTest {

  @TempDir(factory = OddlyNamedFolder.class)
  Path parent;

  private Path folder() {
    return parent.resolve("postgres");
  }

  /** A test that failed half way must not leave a server behind. */
  @AfterEach
  void endWhatIsLeft() {
    PostgresProcesses.workingIn(folder().resolve("data")).stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void theServerOfAKilledProcessLivesOnAndIsAdoptedWithAllThatWasCommitted() throws Exception {
    long server;
    try (HoldingProcess holder = HoldingProcess.start(folder(), "committed")) {
      server = holder.serverPid();
      holder.kill();
    }
    assertThat(PostgresProcesses.isWorkingIn(server, folder().resolve("data"))).isTrue();

    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.ADOPTED);
      assertThat(postgres.pid()).isEqualTo(server);
      assertThat(one(postgres, "select words from note")).isEqualTo("committed");
      assertThat(one(postgres, "show fsync")).isEqualTo("on");
    }
    assertThat(PostgresProcesses.workingIn(folder().resolve("data"))).isEmpty();
  }

  @Test
  void aServerThatIsKilledUnderItsHolderIsStartedAgainWhereItWas() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      postgres.keepRunning();
      LocalPostgresTest.run(
          postgres, "create table note (words text)", "insert into note values ('kept')");
      String url = postgres.jdbcUrl();
      long killed = postgres.pid();
      ProcessHandle.of(killed).orElseThrow().destroyForcibly();

      assertThat(BoundedWait.until(() -> postgres.pid() != killed, Duration.ofSeconds(60)))
          .isTrue();
      assertThat(postgres.jdbcUrl()).isEqualTo(url);
      assertThat(one(postgres, "select words from note")).isEqualTo("kept");
      assertThat(one(postgres, "show fsync")).isEqualTo("on");
    }
    assertThat(PostgresProcesses.workingIn(folder().resolve("data"))).isEmpty();
  }

  @Test
  void aFolderHeldByAnotherProcessIsRefusedNamingFolderAndPid() throws Exception {
    try (HoldingProcess holder = HoldingProcess.start(folder(), "first")) {
      assertThatThrownBy(() -> LocalPostgres.open(folder()))
          .isInstanceOf(LocalPostgresException.class)
          .hasMessageContaining(folder().toString())
          .hasMessageContaining("pid " + holder.pid());
      assertThat(PostgresProcesses.isWorkingIn(holder.serverPid(), folder().resolve("data")))
          .isTrue();
    }
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.STARTED);
      assertThat(one(postgres, "select words from note")).isEqualTo("first");
    }
  }

  @Test
  void afterAKillOfProcessAndServerTheDataIsRecovered() throws Exception {
    try (HoldingProcess holder = HoldingProcess.start(folder(), "committed")) {
      holder.kill();
      ProcessHandle.of(holder.serverPid()).orElseThrow().destroyForcibly();
    }

    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.STARTED);
      assertThat(one(postgres, "select words from note")).isEqualTo("committed");
    }
  }

  @Test
  void aBusySessionThatLostItsServerDoesNotBlockTheNextStart() throws Exception {
    try (HoldingProcess holder = HoldingProcess.start(folder(), "committed")) {
      DatabaseAccess access = LocalPostgres.running(folder()).orElseThrow();
      try (Connection busy =
              DriverManager.getConnection(access.jdbcUrl(), access.userName(), access.password());
          Statement statement = busy.createStatement()) {
        // Computing, it looks at nothing else: it does not see its server die.
        CompletableFuture<Boolean> work =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return statement.execute(
                        "select count(*) from generate_series(1, 100000000000)");
                  } catch (SQLException e) {
                    return false;
                  }
                });
        assertThat(BoundedWait.until(() -> sessionsAtWork(access) == 1, Duration.ofSeconds(30)))
            .isTrue();
        holder.kill();
        ProcessHandle.of(holder.serverPid()).orElseThrow().destroyForcibly();

        try (LocalPostgres postgres = LocalPostgres.open(folder())) {
          assertThat(postgres.arrival()).isEqualTo(Arrival.STARTED);
          assertThat(one(postgres, "select words from note")).isEqualTo("committed");
        }
        assertThat(work.get()).isFalse();
      }
    }
  }

  @Test
  void aStalePidThatNowBelongsToAnotherLivingProcessDoesNotBlockTheStart() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      Files.copy(
          folder().resolve("data/postmaster.pid"), folder().resolve("postmaster.pid.before"));
      assertThat(postgres.arrival()).isEqualTo(Arrival.CREATED);
    }
    Process foreign = new ProcessBuilder("sleep", "600").start();
    try {
      List<String> lines = Files.readAllLines(folder().resolve("postmaster.pid.before"));
      lines.set(0, Long.toString(foreign.pid()));
      Files.write(folder().resolve("data/postmaster.pid"), lines);
      // The server looks at the pid beside its socket as well.
      Files.write(folder().resolve("data/.s.PGSQL." + lines.get(3) + ".lock"), lines);
      assertThat(LocalPostgres.running(folder())).isEmpty();

      try (LocalPostgres postgres = LocalPostgres.open(folder())) {
        assertThat(postgres.arrival()).isEqualTo(Arrival.STARTED);
        assertThat(one(postgres, "select 1")).isEqualTo("1");
      }
      assertThat(foreign.isAlive()).isTrue();
    } finally {
      foreign.destroyForcibly();
    }
  }

  @Test
  void theServerOfAnotherFolderIsNotMistakenForOurs() throws Exception {
    Path other = parent.resolve("other");
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.CREATED);
    }
    try (LocalPostgres theirs = LocalPostgres.open(other)) {
      // As after a copy of a folder whose server ran.
      Files.copy(other.resolve("data/postmaster.pid"), folder().resolve("data/postmaster.pid"));

      try (LocalPostgres ours = LocalPostgres.open(folder())) {
        assertThat(ours.arrival()).isEqualTo(Arrival.STARTED);
        assertThat(ours.pid()).isNotEqualTo(theirs.pid());
      }
      assertThat(one(theirs, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void aServerThatWasStartedWithoutDurabilityIsRestartedNotAdopted() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      LocalPostgresTest.run(
          postgres, "create table note (words text)", "insert into note values ('kept')");
    }
    Path data = folder().resolve("data");
    PostgresCommands commands = installedCommands();
    String options = ServerSettings.commandLine(new ServerPort(folder().resolve("port")).choose());
    commands
        .start(
            data,
            folder().resolve("careless.log"),
            "pg_ctl",
            List.of(
                "start", "-w", "-D", ".", "-l", "careless.log", "-o", options + " -c fsync=off"))
        .waitFor();
    long careless = Postmaster.livingOn(data).orElseThrow().pid();

    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.STARTED);
      assertThat(postgres.pid()).isNotEqualTo(careless);
      assertThat(one(postgres, "show fsync")).isEqualTo("on");
      assertThat(one(postgres, "select words from note")).isEqualTo("kept");
    }
  }

  @Test
  void aServerThatDoesNotReactIsKilledAtLast() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.CREATED);
      assertThat(
              new ProcessBuilder("kill", "-STOP", Long.toString(postgres.pid())).start().waitFor())
          .isZero();

      new Postmaster(folder().resolve("data"), postgres.pid())
          .stop(installedCommands(), Duration.ofMillis(200));

      assertThat(PostgresProcesses.workingIn(folder().resolve("data"))).isEmpty();
    }
    try (LocalPostgres postgres = LocalPostgres.open(folder())) {
      assertThat(postgres.arrival()).isEqualTo(Arrival.STARTED);
    }
  }

  private PostgresCommands installedCommands() {
    return PostgresCommands.of(PostgresBinaries.unpackedIn(LocalPostgres.cacheBeside(folder())));
  }

  private static int sessionsAtWork(DatabaseAccess access) {
    try (Connection connection = access.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select count(*) from pg_stat_activity"
                    + " where state = 'active' and query like '%generate_series(1, 1000%'"
                    + " and pid <> pg_backend_pid()")) {
      return rows.next() ? rows.getInt(1) : 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
