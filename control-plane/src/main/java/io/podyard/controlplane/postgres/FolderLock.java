package io.podyard.controlplane.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one process at a time looks after a database folder. The kernel drops the lock
 * when the process ends, however it ends. The lock file stays; it names the last holder.
 */
final class FolderLock implements AutoCloseable {

  /**
   * Folders held by this very process. A second channel on the lock file must not even be opened
   * here: closing it would drop the lock of the first.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the lock without waiting.
   *
   * @param folder an existing folder, as a real path
   * @throws LocalPostgresException if another process, or another part of this one, has it
   */
  static FolderLock take(Path folder) {
    if (!HELD_HERE.add(folder)) {
      throw taken(folder, "this process (pid " + ProcessHandle.current().pid() + ")");
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      @Nullable FileLock lock = channel.tryLock();
      if (lock == null) {
        throw taken(folder, "another process (pid " + holder(channel) + ")");
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(ownPid().getBytes(StandardCharsets.US_ASCII)), 0);
      return new FolderLock(folder, channel);
    } catch (IOException e) {
      giveUp(folder, channel);
      throw new LocalPostgresException("cannot lock the database folder " + folder + ": " + e, e);
    } catch (RuntimeException e) {
      giveUp(folder, channel);
      throw e;
    }
  }

  private static void giveUp(Path folder, @Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new LocalPostgresException("cannot close the lock file of " + folder, e);
    } finally {
      HELD_HERE.remove(folder);
    }
  }

  private static LocalPostgresException taken(Path folder, String holder) {
    return new LocalPostgresException(
        "the database folder "
            + folder
            + " is in use by "
            + holder
            + "; stop that one, or give this one a folder of its own (PODYARD_DATA_DIR)");
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    channel.read(bytes, 0);
    String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    // Between taking the lock and writing its pid the holder cannot be named.
    return pid.isEmpty() ? "not known yet" : pid;
  }

  private static String ownPid() {
    return ProcessHandle.current().pid() + "\n";
  }

  boolean isHeld() {
    return channel.isOpen();
  }

  /** Gives the lock back. A second call does nothing. */
  @Override
  public void close() {
    if (channel.isOpen()) {
      giveUp(folder, channel);
    }
  }
}
