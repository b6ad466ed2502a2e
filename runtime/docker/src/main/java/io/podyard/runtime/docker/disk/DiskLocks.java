package io.podyard.runtime.docker.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one at a time does anything with a disk, among all threads and processes of this
 * machine. The operating system releases what a killed process held. Disks share a few lock files,
 * which stay: one that was removed could be held twice, as its old and as its new file.
 */
final class DiskLocks {

  private static final int FILES = 16;
  private static final long POLL_MILLIS = 50;

  /** A file is locked for the whole process, so its threads have to agree among themselves. */
  private static final Map<Path, ReentrantLock> OF_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Path folder;
  private final Duration longest;

  /**
   * @param longest how long anybody waits
   */
  DiskLocks(Path folder, Duration longest) {
    this.folder = folder;
    this.longest = longest;
  }

  /** Held until it is closed. */
  record Held(ReentrantLock thread, FileChannel channel, FileLock process)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (channel) {
        process.release();
      } finally {
        thread.unlock();
      }
    }
  }

  /**
   * @throws DiskFailedException if somebody else is at the disk for too long
   */
  Held hold(String id) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.toRealPath().resolve(Integer.toString(Math.floorMod(id.hashCode(), FILES)));
    ReentrantLock thread = OF_THIS_PROCESS.computeIfAbsent(file, _ -> new ReentrantLock());
    long deadline = System.nanoTime() + longest.toNanos();
    FileChannel channel = null;
    boolean held = false;
    try {
      if (!thread.tryLock(longest.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy();
      }
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock process = channel.tryLock();
      while (process == null) {
        if (System.nanoTime() > deadline) {
          throw busy();
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        process = channel.tryLock();
      }
      held = true;
      return new Held(thread, channel, process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for disk " + id, e);
    } finally {
      if (!held) {
        release(thread, channel);
      }
    }
  }

  private static void release(ReentrantLock thread, @Nullable FileChannel channel)
      throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      if (thread.isHeldByCurrentThread()) {
        thread.unlock();
      }
    }
  }

  private static DiskFailedException busy() {
    return new DiskFailedException("the host is still busy with another change of it");
  }
}
