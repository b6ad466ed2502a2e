package io.podyard.controlplane.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The port of a local server. It is kept in the folder, so that a tool that was pointed at the
 * database finds it again, and changes only when someone else has taken it meanwhile.
 */
final class ServerPort {

  private final Path file;

  ServerPort(Path file) {
    this.file = file;
  }

  /** The kept port if nobody listens on it, else a free one, which is kept from now on. */
  int choose() {
    try {
      Optional<Integer> kept = kept();
      if (kept.isPresent() && isFree(kept.get())) {
        return kept.get();
      }
      int port = anyFree();
      keep(port);
      return port;
    } catch (IOException e) {
      throw new LocalPostgresException("cannot choose a port for PostgreSQL: " + e, e);
    }
  }

  void keep(int port) throws IOException {
    if (kept().equals(Optional.of(port))) {
      return;
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(unfinished, port + "\n");
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Optional<Integer> kept() throws IOException {
    try {
      String text = Files.readString(file).strip();
      // Anything else was not written here; the next port replaces it.
      return text.matches("[1-9][0-9]{3,4}") && Integer.parseInt(text) <= 65_535
          ? Optional.of(Integer.valueOf(text))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether a server could listen there now. */
  static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int anyFree() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return probe.getLocalPort();
    }
  }
}
