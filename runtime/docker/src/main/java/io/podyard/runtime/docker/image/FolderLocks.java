package io.podyard.runtime.docker.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Locks on keys among all threads of all processes that use a folder; those of a process end with
 * it, however it ends. A key is one byte of one file that is locked, so nothing has to be removed.
 */
final class FolderLocks {

  private static final long LOOK_MILLIS = 50;

  /** One for each folder: who closes a file loses all locks that its process has on it. */
  private static final Map<Path, FolderLocks> OPEN = new HashMap<>();

  private static final class Entry {
    final FileLock lock;
    final boolean alone;
    int holders = 1;

    Entry(FileLock lock, boolean alone) {
      this.lock = lock;
      this.alone = alone;
    }
  }

  private final FileChannel channel;
  private final Map<Long, Entry> entries = new HashMap<>();

  private FolderLocks(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLocks of(Path folder) throws IOException {
    Path real = folder.toRealPath();
    synchronized (OPEN) {
      FolderLocks open = OPEN.get(real);
      if (open == null || !Files.exists(real.resolve("locks"))) {
        open =
            new FolderLocks(
                FileChannel.open(
                    real.resolve("locks"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE));
        OPEN.put(real, open);
      }
      return open;
    }
  }

  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits until nobody else has the key.
   *
   * @throws FetchFailure if the time is over before
   */
  Held alone(String key, FetchTime time) throws FetchFailure, IOException, InterruptedException {
    return await(key, true, time);
  }

  /** Waits until nobody has the key alone. */
  Held together(String key, FetchTime time) throws FetchFailure, IOException, InterruptedException {
    return await(key, false, time);
  }

  Optional<Held> tryAlone(String key) throws IOException {
    return Optional.ofNullable(attempt(position(key), true));
  }

  private Held await(String key, boolean alone, FetchTime time)
      throws FetchFailure, IOException, InterruptedException {
    long position = position(key);
    while (true) {
      time.check();
      synchronized (this) {
        Held held = attempt(position, alone);
        if (held != null) {
          return held;
        }
        // What another process holds tells nobody of its end.
        wait(LOOK_MILLIS);
      }
    }
  }

  private synchronized @Nullable Held attempt(long position, boolean alone) throws IOException {
    Entry entry = entries.get(position);
    if (entry != null) {
      if (alone || entry.alone) {
        return null;
      }
      entry.holders++;
      return () -> leave(position);
    }
    FileLock lock = channel.tryLock(position, 1, !alone);
    if (lock == null) {
      return null;
    }
    entries.put(position, new Entry(lock, alone));
    return () -> leave(position);
  }

  private synchronized void leave(long position) {
    Entry entry = entries.get(position);
    if (entry != null && --entry.holders == 0) {
      entries.remove(position);
      try {
        entry.lock.release();
      } catch (IOException e) {
        System.getLogger(FolderLocks.class.getName())
            .log(System.Logger.Level.WARNING, "a lock of the content folder is not released", e);
      }
      notifyAll();
    }
  }

  private static long position(String key) {
    return Long.parseUnsignedLong(Digest.hex(key).substring(0, 16), 16) >>> 2;
  }
}
