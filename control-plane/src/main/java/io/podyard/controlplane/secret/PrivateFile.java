package io.podyard.controlplane.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small text file with mode 0600 that is written once and then only read. Several processes may
 * ask for the same file at the same moment: all get the content of the one that was first.
 */
public final class PrivateFile {

  private static final Logger log = LoggerFactory.getLogger(PrivateFile.class);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNERS_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private final Path path;

  public PrivateFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  public Path path() {
    return path;
  }

  /**
   * The content without surrounding white space, or nothing if there is no such file. A file that
   * others may read is narrowed to its owner first, with a warning.
   *
   * @throws UncheckedIOException if the file is there and cannot be read
   */
  public Optional<String> read() {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      if (!OWNER_ONLY.containsAll(permissions)) {
        log.warn(
            "{} was readable beyond its owner ({}); narrowed to 0600. Whoever could read it may"
                + " know the secret in it.",
            path,
            PosixFilePermissions.toString(permissions));
        Files.setPosixFilePermissions(path, OWNER_ONLY);
      }
      return Optional.of(Files.readString(path, StandardCharsets.US_ASCII).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * The content, made by {@code first} if there is no file yet; so are missing folders, for their
   * owner alone. On return the file is on the disk, whole: it never exists half written, not even
   * after a crash.
   *
   * @throws UncheckedIOException if the file can neither be read nor made
   */
  public String readOrCreate(Supplier<String> first) {
    return read().orElseGet(() -> create(first.get()));
  }

  private String create(String content) {
    Path unfinished = path.resolveSibling(path.getFileName() + ".new-" + UUID.randomUUID());
    try {
      Files.createDirectories(
          path.getParent(), PosixFilePermissions.asFileAttribute(OWNERS_FOLDER));
      write(unfinished, content);
      try {
        // A link, unlike a rename, does not replace what another process made meanwhile.
        Files.createLink(path, unfinished);
      } catch (FileAlreadyExistsException e) {
        return read()
            .orElseThrow(() -> new IOException(path + " vanished while it was being read", e));
      } finally {
        Files.deleteIfExists(unfinished);
      }
      try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + path + ": " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer bytes = ByteBuffer.wrap((content + "\n").getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
