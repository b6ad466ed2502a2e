package io.podyard.controlplane.postgres;

import io.podyard.controlplane.postgres.LocalPostgres.Arrival;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings up the server of one folder, whose lock is held by the caller all the while. */
final class ServerStart {

  private static final Logger log = LoggerFactory.getLogger(ServerStart.class);

  /** Someone may take the chosen port in the moment before the server does. */
  private static final int PORTS_TRIED = 3;

  private static final String NO_SUCH_DATABASE = "3D000";

  private final PostgresFolder folder;
  private final PostgresCommands commands;

  ServerStart(PostgresFolder folder, PostgresCommands commands) {
    this.folder = folder;
    this.commands = commands;
  }

  /** Adopts the server that runs, or starts one; verified either way. */
  RunningServer bringUp() {
    try {
      Optional<Postmaster> living = Postmaster.livingOn(folder.data());
      if (living.isPresent()) {
        Optional<RunningServer> adopted = adopt(living.get());
        if (adopted.isPresent()) {
          return adopted.get();
        }
        living.get().stop(commands);
      }
      Postmaster.endLeftovers(folder.data());
      folder.deleteTraces();
      Arrival arrival = folder.hasData() ? Arrival.STARTED : Arrival.CREATED;
      if (arrival == Arrival.CREATED) {
        folder.makeData(commands);
      }
      return start(arrival);
    } catch (IOException e) {
      throw new LocalPostgresException(
          "cannot bring up PostgreSQL on " + folder.home() + ": " + e, e);
    }
  }

  private Optional<RunningServer> adopt(Postmaster postmaster) throws IOException {
    Optional<Integer> port = postmaster.awaitReady();
    if (port.isEmpty()) {
      return Optional.empty();
    }
    DatabaseAccess access = DatabaseAccess.of(port.get(), folder.password());
    try (Connection connection = connect(access)) {
      List<String> deviations = ServerSettings.deviations(connection);
      String version = connection.getMetaData().getDatabaseProductVersion();
      if (!deviations.isEmpty() || !version.equals(commands.version())) {
        log.info(
            "The PostgreSQL {} that still runs (pid {}) is restarted: {}",
            version,
            postmaster.pid(),
            deviations.isEmpty() ? "it is another version" : deviations);
        return Optional.empty();
      }
      folder.port().keep(port.get());
      return Optional.of(new RunningServer(Arrival.ADOPTED, postmaster, access));
    } catch (SQLException e) {
      log.warn(
          "The PostgreSQL that still runs (pid {}) takes no connection and is restarted",
          postmaster.pid(),
          e);
      return Optional.empty();
    }
  }

  private RunningServer start(Arrival arrival) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = folder.port().choose();
      Optional<Postmaster> started = startOn(port);
      if (started.isPresent()) {
        return verified(arrival, started.get(), port);
      }
      if (attempt == PORTS_TRIED || ServerPort.isFree(port)) {
        throw new LocalPostgresException(
            "PostgreSQL did not start on "
                + folder.home()
                + ": "
                + folder.lastWords()
                + commands.hint());
      }
    }
  }

  /** The started server, or nothing if it ended again; its words are in the start log then. */
  private Optional<Postmaster> startOn(int port) throws IOException {
    Files.deleteIfExists(folder.startLog());
    // Relative names: pg_ctl hands them to a shell, which must not see what a path may hold.
    Process control =
        commands.start(
            folder.data(),
            folder.startLog(),
            "pg_ctl",
            List.of(
                "start",
                "-D",
                ".",
                "-l",
                "../" + folder.startLog().getFileName(),
                "-o",
                ServerSettings.commandLine(port),
                "-w",
                "-t",
                Long.toString(Postmaster.START_LIMIT.toSeconds())));
    // pg_ctl itself looks ten times a second only.
    BoundedWait.until(
        () ->
            PostmasterFile.read(folder.data()).filter(PostmasterFile::isReady).isPresent()
                || !control.isAlive(),
        Postmaster.START_LIMIT);
    Optional<Postmaster> started = Postmaster.livingOn(folder.data());
    if (started.isPresent() && started.get().awaitReady().isEmpty()) {
      started.get().stop(commands);
      return Optional.empty();
    }
    return started;
  }

  private RunningServer verified(Arrival arrival, Postmaster postmaster, int port) {
    DatabaseAccess access = DatabaseAccess.of(port, folder.password());
    try (Connection connection = connect(access)) {
      List<String> deviations = ServerSettings.deviations(connection);
      if (deviations.isEmpty()) {
        return new RunningServer(arrival, postmaster, access);
      }
      postmaster.stop(commands);
      throw new LocalPostgresException(
          "PostgreSQL on "
              + folder.home()
              + " does not run as it must: "
              + String.join(", ", deviations));
    } catch (SQLException e) {
      postmaster.stop(commands);
      throw new LocalPostgresException(
          "PostgreSQL on " + folder.home() + " started but takes no connection: " + e.getMessage(),
          e);
    }
  }

  /** Connects to our database, which is made where a start was cut short before that. */
  private static Connection connect(DatabaseAccess access) throws SQLException {
    try {
      return access.connect();
    } catch (SQLException e) {
      if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
        throw e;
      }
    }
    try (Connection connection = access.connectForMaintenance();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + DatabaseAccess.NAME);
    }
    return access.connect();
  }
}
