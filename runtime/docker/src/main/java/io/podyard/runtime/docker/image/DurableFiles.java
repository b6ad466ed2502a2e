package io.podyard.runtime.docker.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files that are there whole or not at all, whenever the machine stops. */
final class DurableFiles {

  private DurableFiles() {}

  /** Gives a file that is on disk its name, which is on disk too afterwards. */
  static void move(Path from, Path to) throws IOException {
    force(from);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(parent(to));
  }

  /**
   * @param fresh a file that nobody else writes
   */
  static void write(Path file, byte[] content, Path fresh) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        int _ = out.write(bytes);
      }
    }
    folder(parent(file));
    move(fresh, file);
  }

  /** Makes a folder in one that is there. */
  static void folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      force(parent(folder));
    }
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "the root has no name");
  }

  /** On Linux also a folder can be brought to disk this way: the names in it. */
  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** What a file of the same name has too only if it is the same file. */
  static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }

  /** With all that is in it; what is not there is fine. */
  static void delete(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      try (Stream<Path> inside = Files.list(file)) {
        inside.forEach(
            path -> {
              try {
                delete(path);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (NoSuchFileException e) {
        return; // somebody else was quicker
      }
    }
    Files.deleteIfExists(file);
  }
}
