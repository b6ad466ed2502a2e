package io.podyard.controlplane.keptlog;

import io.podyard.controlplane.keptlog.KeptLogTables.Ending;
import io.podyard.runtime.pod.ContainerName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * A log on its way into the database: never more than one chunk of it is in memory, and no
 * transaction waits for who writes it. Unless {@link #finish} returns, nothing is kept.
 */
final class KeptLogWriting extends OutputStream {

  static final int LARGEST_CHUNK = 256 << 10;

  private static final int SMALLEST_CHUNK = 4 << 10;

  /** A head is cut off chunk by chunk, so this is the share of the most that may be lost by it. */
  private static final int LEAST_CHUNKS = 8;

  /**
   * @param text bytes before they were compressed
   * @param stored bytes after it
   */
  private record Chunk(int text, int stored) {}

  private final KeptLogTables tables;
  private final ContainerName name;
  private final long mostBytes;
  private final byte[] buffer;
  private final Deque<Chunk> written = new ArrayDeque<>();
  private int filled;
  private int firstChunk;
  private long textBytes;
  private @Nullable Long id;
  private boolean finished;

  KeptLogWriting(KeptLogTables tables, ContainerName name, long mostBytes) {
    this.tables = tables;
    this.name = name;
    this.mostBytes = mostBytes;
    this.buffer =
        new byte[(int) Math.clamp(mostBytes / LEAST_CHUNKS, SMALLEST_CHUNK, (long) LARGEST_CHUNK)];
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (filled == buffer.length) {
        byte[] chunk = packed();
        store(chunk);
      }
      int part = Math.min(end - at, buffer.length - filled);
      System.arraycopy(bytes, at, buffer, filled, part);
      filled += part;
      at += part;
    }
  }

  private byte[] packed() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(buffer, 0, filled);
    }
    written.addLast(new Chunk(filled, packed.size()));
    textBytes += filled;
    filled = 0;
    while (textBytes > mostBytes && written.size() > 1) {
      textBytes -= written.removeFirst().text();
      firstChunk++;
    }
    return packed.toByteArray();
  }

  private void store(byte[] chunk) throws IOException {
    try {
      if (id == null) {
        id = tables.begin(name);
      }
      tables.add(id, firstChunk + written.size() - 1, chunk);
    } catch (DataAccessException e) {
      throw new IOException("the database does not take the log", e);
    }
  }

  void finish() throws IOException {
    byte[] last = filled == 0 ? null : packed();
    long stored = written.stream().mapToLong(Chunk::stored).sum();
    try {
      tables.finish(new Ending(name, id, last, firstChunk, written.size(), stored));
    } catch (DataAccessException | TransactionException | IllegalStateException e) {
      throw new IOException("the database does not take the log", e);
    }
    finished = true;
  }

  /** Without a finish what was begun is deleted; if that fails too, the sweep does it. */
  @Override
  public void close() {
    if (!finished && id != null) {
      try {
        tables.discard(id);
      } catch (DataAccessException e) {
        System.getLogger(KeptLogWriting.class.getName())
            .log(System.Logger.Level.DEBUG, "what was begun of a log is deleted later", e);
      }
    }
    Arrays.fill(buffer, (byte) 0);
  }
}
