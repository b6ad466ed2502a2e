package io.podyard.runtime.docker.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Where layers lie between the registry and the engine. Whole ones are there as long as a fetch
 * uses them; parts of broken downloads stay for a while, so that the next try goes on from there.
 */
final class Spool {

  private static final Duration PARTS_KEPT = Duration.ofHours(12);

  private final Path folder;
  private final KeyedLocks locks = new KeyedLocks();
  private final Map<String, Integer> users = new HashMap<>();

  /**
   * @param folder made if it is not there; what a killed process left in it is removed
   */
  Spool(Path folder, InstantSource clock) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          boolean old =
              Files.getLastModifiedTime(file)
                  .toInstant()
                  .isBefore(clock.instant().minus(PARTS_KEPT));
          if (old || !file.toString().endsWith(".part")) {
            Files.deleteIfExists(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the spool folder " + folder, e);
    }
  }

  /** Brings a file to its end; what is there already is a part of it. */
  interface Download {
    void into(Path part) throws FetchFailure, IOException, InterruptedException;
  }

  /** A whole file; closing it lets go of it. */
  record Lease(Path file, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  /**
   * The file of a key, downloaded unless another fetch has it just now.
   *
   * @param key equal only for what may be shared
   */
  Lease take(String key, FetchTime time, Download download)
      throws FetchFailure, InterruptedException {
    String name = Digest.hex(key);
    Path file = folder.resolve(name + ".blob");
    Path part = folder.resolve(name + ".part");
    try (KeyedLocks.Held _ = locks.lock(name, time)) {
      synchronized (users) {
        if (users.containsKey(name)) {
          users.merge(name, 1, Integer::sum);
          return lease(name, file);
        }
      }
      download.into(part);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      synchronized (users) {
        users.put(name, 1);
      }
      return lease(name, file);
    } catch (IOException e) {
      throw FetchFailure.pull("a layer cannot be stored: " + e.getMessage(), e);
    }
  }

  private Lease lease(String name, Path file) {
    return new Lease(file, () -> release(name, file));
  }

  private void release(String name, Path file) {
    synchronized (users) {
      Integer left = users.merge(name, -1, Integer::sum);
      if (left != null && left == 0) {
        users.remove(name);
        try {
          Files.deleteIfExists(file);
        } catch (IOException e) {
          System.getLogger(Spool.class.getName())
              .log(System.Logger.Level.WARNING, "cannot remove " + file, e);
        }
      }
    }
  }
}
