package io.podyard.controlplane.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server, seen from outside. Nothing here needs it to be a child of this process: a
 * server outlives the one who started it.
 *
 * @param data its data folder, as a real path
 * @param pid of its first process
 */
record Postmaster(Path data, long pid) {

  private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

  /** Replaying the log after a crash may take a while when much was written. */
  static final Duration START_LIMIT = Duration.ofMinutes(5);

  private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration HARD_STOP_LIMIT = Duration.ofSeconds(10);

  /** The server that works on this folder, if one does. */
  static Optional<Postmaster> livingOn(Path data) {
    return PostmasterFile.read(data)
        .filter(file -> PostgresProcesses.isWorkingIn(file.pid(), data))
        .map(file -> new Postmaster(data, file.pid()));
  }

  boolean isAlive() {
    return PostgresProcesses.isStillWorkingIn(pid, data);
  }

  /** Its file, as long as the file is its own. */
  private Optional<PostmasterFile> file() {
    return PostmasterFile.read(data).filter(file -> file.pid() == pid);
  }

  /** Waits for a server that is still starting; the port, or nothing if it ends or is ending. */
  Optional<Integer> awaitReady() {
    boolean decided =
        BoundedWait.until(
            () -> !isAlive() || file().filter(f -> f.isReady() || f.isStopping()).isPresent(),
            START_LIMIT);
    return decided && isAlive()
        ? file().filter(PostmasterFile::isReady).map(PostmasterFile::port)
        : Optional.empty();
  }

  /**
   * Ends the server and waits for its end: in good order first, harder where it does not answer. No
   * committed work is lost either way.
   *
   * @throws LocalPostgresException if not even a kill ends it
   */
  void stop(PostgresCommands commands) {
    stop(commands, FAST_STOP_LIMIT);
  }

  /** The same, with a given time for each of the gentler ways. */
  void stop(PostgresCommands commands, Duration patience) {
    if (end(commands, "INT", patience)) {
      return;
    }
    log.warn("PostgreSQL (pid {}) did not stop in {}; stopping it at once", pid, patience);
    if (end(commands, "QUIT", patience)) {
      return;
    }
    log.warn("PostgreSQL (pid {}) still runs; killing it", pid);
    if (!end(commands, "KILL", HARD_STOP_LIMIT)) {
      throw new LocalPostgresException(
          "PostgreSQL (pid " + pid + ") on " + data + " cannot be ended");
    }
    endLeftovers(data);
  }

  private boolean end(PostgresCommands commands, String signal, Duration limit) {
    try {
      commands.signal(signal, pid);
    } catch (LocalPostgresException e) {
      // It may have ended by itself a moment ago.
      if (isAlive()) {
        throw e;
      }
    }
    return BoundedWait.until(() -> !isAlive(), limit);
  }

  /**
   * Sees to it that nobody works on the folder any more. After the kill of a server its children
   * end by themselves, but one that is busy may go on for a while, and none may be left when the
   * next server starts.
   *
   * @throws LocalPostgresException if some stay, whatever is done
   */
  static void endLeftovers(Path data) {
    if (goneWithin(data, Duration.ofSeconds(2))) {
      return;
    }
    leftovers(data).forEach(ProcessHandle::destroy);
    if (goneWithin(data, HARD_STOP_LIMIT)) {
      return;
    }
    leftovers(data).forEach(ProcessHandle::destroyForcibly);
    if (!goneWithin(data, HARD_STOP_LIMIT)) {
      throw new LocalPostgresException(
          "PostgreSQL processes without a server still use "
              + data
              + " and cannot be ended: pids "
              + PostgresProcesses.workingIn(data));
    }
  }

  private static boolean goneWithin(Path data, Duration limit) {
    return BoundedWait.until(() -> PostgresProcesses.workingIn(data).isEmpty(), limit);
  }

  private static List<ProcessHandle> leftovers(Path data) {
    List<ProcessHandle> handles = new ArrayList<>();
    for (long pid : PostgresProcesses.workingIn(data)) {
      log.warn("Ending a PostgreSQL process without a server (pid {}) on {}", pid, data);
      ProcessHandle.of(pid).ifPresent(handles::add);
    }
    return handles;
  }
}
