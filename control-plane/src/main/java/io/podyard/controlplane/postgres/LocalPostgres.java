package io.podyard.controlplane.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable PostgreSQL on a folder of this machine, for those who bring none of their own.
 *
 * <p>It listens on 127.0.0.1 with password authentication and runs with {@code fsync} and {@code
 * synchronous_commit} on, which is verified before anyone gets to use it. One process at a time may
 * hold it. When that process is killed the server lives on, and the next process on the same folder
 * adopts it. When the server is killed, whoever holds it starts it again if told to {@linkplain
 * #keepRunning() keep it running}.
 */
public final class LocalPostgres implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);

  /** How a server came to run. */
  public enum Arrival {
    /** The folder was empty: a new database was made and started. */
    CREATED,
    /** The database was there and was started. */
    STARTED,
    /** The server still ran, left behind by a process that was killed. */
    ADOPTED
  }

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private final FolderLock lock;
  private final PostgresFolder home;
  private final PostgresCommands commands;
  private final Thread keeper;
  private volatile RunningServer server;

  private LocalPostgres(
      FolderLock lock, PostgresFolder home, PostgresCommands commands, RunningServer server) {
    this.lock = lock;
    this.home = home;
    this.commands = commands;
    this.server = server;
    this.keeper = Thread.ofPlatform().name("postgres-keeper").daemon().unstarted(this::keep);
  }

  /**
   * Brings up the server of a folder; on return it takes connections. The first time on a machine
   * this takes several seconds, later well under one, unless a crash left much to recover.
   *
   * @param folder for this server alone; made if it is not there
   * @throws LocalPostgresException if another process holds the folder, or the server cannot be
   *     brought up with the settings it must have
   */
  public static LocalPostgres open(Path folder) {
    return open(folder, cacheBeside(folder));
  }

  /**
   * The same, with a given place for the unpacked programs.
   *
   * @param cache may be shared by any number of folders and processes
   */
  public static LocalPostgres open(Path folder, Path cache) {
    PostgresFolder home = PostgresFolder.at(folder);
    FolderLock lock = FolderLock.take(home.home());
    try {
      PostgresCommands commands = PostgresCommands.of(PostgresBinaries.unpackedIn(cache));
      RunningServer server = new ServerStart(home, commands).bringUp();
      log.info(
          "PostgreSQL ({}) on {}, pid {}", server.arrival(), folder, server.postmaster().pid());
      return new LocalPostgres(lock, home, commands, server);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /**
   * The way into the server that runs on a folder, whoever holds it. Takes no lock and starts
   * nothing; nothing if no server runs there or it is just starting or ending.
   */
  public static Optional<DatabaseAccess> running(Path folder) {
    if (!Files.isDirectory(folder.resolve("data"))) {
      return Optional.empty();
    }
    PostgresFolder home = PostgresFolder.at(folder);
    return Postmaster.livingOn(home.data())
        .flatMap(postmaster -> PostmasterFile.read(home.data()))
        .filter(PostmasterFile::isReady)
        .map(file -> DatabaseAccess.of(file.port(), home.password()));
  }

  /** The user's cache folder, or one beside the database folder for users without a home. */
  static Path cacheBeside(Path folder) {
    @Nullable String configured = System.getenv("XDG_CACHE_HOME");
    Path caches =
        configured != null && configured.startsWith("/")
            ? Path.of(configured)
            : Path.of(System.getProperty("user.home"), ".cache");
    Path cache = caches.resolve("podyard");
    try {
      Files.createDirectories(cache);
      if (Files.isWritable(cache)) {
        return cache;
      }
    } catch (IOException e) {
      log.debug("{} cannot be used", cache, e);
    }
    return folder.toAbsolutePath().resolveSibling("cache");
  }

  public DatabaseAccess access() {
    return server.access();
  }

  public String jdbcUrl() {
    return server.access().jdbcUrl();
  }

  public String userName() {
    return server.access().userName();
  }

  public String password() {
    return server.access().password();
  }

  public Arrival arrival() {
    return server.arrival();
  }

  /**
   * From now on a server that ends although nobody stopped it is started again, with all that was
   * committed. Its clients find it where it was. To be called once.
   */
  public void keepRunning() {
    keeper.start();
  }

  private void keep() {
    try {
      while (true) {
        Thread.sleep(BETWEEN_LOOKS);
        if (!server.postmaster().isAlive()) {
          startAgain();
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private synchronized void startAgain() throws InterruptedException {
    if (!lock.isHeld()) {
      return;
    }
    long ended = server.postmaster().pid();
    log.warn("PostgreSQL (pid {}) on {} has ended and is started again", ended, home.home());
    try {
      String before = server.access().jdbcUrl();
      server = new ServerStart(home, commands).bringUp();
      log.info("PostgreSQL on {} is back, pid {}", home.home(), server.postmaster().pid());
      if (!server.access().jdbcUrl().equals(before)) {
        // Whoever took the port has to give it back, and this process to be started again.
        log.error("PostgreSQL is now at {}, since {} was taken", jdbcUrl(), before);
      }
    } catch (LocalPostgresException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      log.error("PostgreSQL on {} could not be started again and is tried soon", home.home(), e);
    }
  }

  /** The pid of the server's first process. */
  public long pid() {
    return server.postmaster().pid();
  }

  /**
   * Stops the server, cutting off whoever is still connected, and gives the folder back. All data
   * stays. A second call does nothing.
   *
   * @throws LocalPostgresException if the server cannot be ended; the folder stays locked then
   */
  @Override
  public void close() {
    keeper.interrupt();
    stop();
  }

  private synchronized void stop() {
    if (lock.isHeld()) {
      if (server.postmaster().isAlive()) {
        server.postmaster().stop(commands);
      }
      lock.close();
    }
  }
}
