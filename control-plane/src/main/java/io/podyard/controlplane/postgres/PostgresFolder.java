package io.podyard.controlplane.postgres;

import com.sun.security.auth.module.UnixSystem;
import io.podyard.controlplane.secret.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies where in the folder of a local server: the data, and beside it the lock, the port, the
 * password and what the server said while starting.
 *
 * @param home the folder itself, as a real path
 */
record PostgresFolder(Path home) {

  private static final Logger log = LoggerFactory.getLogger(PostgresFolder.class);

  private static final int PASSWORD_BYTES = 24;

  /**
   * The folder, made for its owner alone if it is not there.
   *
   * @throws LocalPostgresException if it cannot be made, or belongs to another user
   */
  static PostgresFolder at(Path home) {
    try {
      if (!Files.exists(home)) {
        Files.createDirectories(
            home,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      long owner = ((Number) Files.getAttribute(home, "unix:uid")).longValue();
      long user = new UnixSystem().getUid();
      if (owner != user) {
        throw new LocalPostgresException(
            "the database folder "
                + home
                + " belongs to "
                + Files.getOwner(home)
                + ", but this process runs as uid "
                + user
                + "; run it as that user, or give it a folder of its own (PODYARD_DATA_DIR)");
      }
      return new PostgresFolder(home.toRealPath());
    } catch (IOException e) {
      throw new LocalPostgresException("cannot make the database folder " + home + ": " + e, e);
    }
  }

  Path data() {
    return home.resolve("data");
  }

  Path startLog() {
    return home.resolve("start.log");
  }

  /** What the last attempt to start said: the start log, then the end of the server's own log. */
  String lastWords() throws IOException {
    String words = PostgresCommands.lastWords(startLog());
    Optional<Path> newest = Optional.empty();
    if (Files.isDirectory(data().resolve(ServerSettings.LOG_FOLDER))) {
      try (Stream<Path> logs = Files.list(data().resolve(ServerSettings.LOG_FOLDER))) {
        newest = logs.max(Comparator.comparingLong(log -> log.toFile().lastModified()));
      }
    }
    return newest.isPresent() ? words + "\n" + PostgresCommands.lastWords(newest.get()) : words;
  }

  /**
   * Removes what a server that was killed left lying about: files naming its pid, which by now may
   * be the pid of someone else, and would keep the next server from starting. To be called only
   * when nobody works on the data.
   */
  void deleteTraces() throws IOException {
    Files.deleteIfExists(PostmasterFile.in(data()));
    if (hasData()) {
      try (DirectoryStream<Path> sockets = Files.newDirectoryStream(data(), ".s.PGSQL.*")) {
        for (Path socket : sockets) {
          Files.deleteIfExists(socket);
        }
      }
    }
  }

  ServerPort port() {
    return new ServerPort(home.resolve("port"));
  }

  private PrivateFile passwordFile() {
    return new PrivateFile(home.resolve("password"));
  }

  /** The password of this folder's server; made up on first use. */
  String password() {
    return passwordFile().readOrCreate(PostgresFolder::newPassword);
  }

  private static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  boolean hasData() {
    return Files.exists(data());
  }

  /**
   * Makes an empty database cluster. It gets its name only when it is whole, so a crash half way
   * leaves nothing that looks like one.
   */
  void makeData(PostgresCommands commands) throws IOException {
    deleteUnfinished();
    password();
    Path unfinished = home.resolve("data.new-" + UUID.randomUUID());
    commands.run(
        home,
        "initdb",
        List.of(
            "--pgdata=" + unfinished.getFileName(),
            "--username=" + DatabaseAccess.NAME,
            "--pwfile=" + passwordFile().path(),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            // Sorting by code point, from PostgreSQL itself: indexes survive a new C library.
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8"));
    Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(home, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private void deleteUnfinished() throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(home, "data.new-*")) {
      for (Path leftover : leftovers) {
        try {
          FolderTree.delete(leftover);
        } catch (IOException e) {
          // The program that makes it may still run; the next start finds it again.
          log.warn("{} is left over from a start that was cut short; delete it", leftover, e);
        }
      }
    }
  }
}
