package io.podyard.bench.dockerstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A cgroup above containers with the bounds of another one, so that what is compared is bounded
 * alike.
 *
 * @param name as the engine is told it; empty for none
 */
record GroupBound(String name) implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** In the order in which they have to be written. */
  private static final List<String> BOUNDS =
      List.of(
          "cpu.max",
          "memory.max",
          "memory.swap.max",
          "cpu.cfs_period_us",
          "cpu.cfs_quota_us",
          "memory.limit_in_bytes",
          "memory.memsw.limit_in_bytes");

  /**
   * Makes one.
   *
   * @param other the engine's name of the one to be like; empty for none, then this is none either
   */
  static GroupBound like(String other, String name) {
    if (other.isEmpty()) {
      return new GroupBound("");
    }
    try {
      for (Path hierarchy : hierarchies()) {
        Path from = hierarchy.resolve(other.substring(1));
        Path to = hierarchy.resolve(other.substring(1)).resolveSibling(name);
        for (String bound : BOUNDS) {
          if (Files.exists(from.resolve(bound))) {
            Files.createDirectories(to);
            Files.writeString(to.resolve(bound), Files.readString(from.resolve(bound)).strip());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a cgroup like " + other, e);
    }
    return new GroupBound(other.substring(0, other.lastIndexOf('/') + 1) + name);
  }

  private static List<Path> hierarchies() throws IOException {
    List<Path> all = new ArrayList<>(List.of(ROOT));
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
      folders.forEach(all::add);
    }
    return all;
  }

  /** Engines leave a parent behind when the last container is gone. */
  @Override
  public void close() {
    if (name.isEmpty()) {
      return;
    }
    try {
      for (Path hierarchy : hierarchies()) {
        Files.deleteIfExists(hierarchy.resolve(name.substring(1)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove cgroup " + name, e);
    }
  }
}
