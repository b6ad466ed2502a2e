package io.podyard.controlplane.ops;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes a file in parts. Unless it is finished, closing it discards what was written; what a
 * process that dies leaves is swept.
 */
final class OpsFileWriting extends OutputStream {

  private final OpsFiles files;
  private final long mostBytes;
  private final long file;
  private final byte[] chunk = new byte[OpsFiles.CHUNK_BYTES];
  private int filled;
  private int number;
  private long bytes;
  private boolean finished;

  /**
   * @param mostBytes of which there must be no more
   */
  OpsFileWriting(OpsFiles files, long mostBytes) {
    this.files = files;
    this.mostBytes = mostBytes;
    this.file = files.begin();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] more, int offset, int length) throws IOException {
    bytes += length;
    if (bytes > mostBytes) {
      throw new IOException("the file is larger than the %d bytes it may be".formatted(mostBytes));
    }
    int at = offset;
    int left = length;
    while (left > 0) {
      int part = Math.min(left, chunk.length - filled);
      System.arraycopy(more, at, chunk, filled, part);
      filled += part;
      at += part;
      left -= part;
      if (filled == chunk.length) {
        add();
      }
    }
  }

  private void add() {
    files.add(file, number++, Arrays.copyOf(chunk, filled));
    filled = 0;
  }

  /** Writes the rest; the file is whole then, and somebody's to name. */
  long finish() {
    if (filled > 0) {
      add();
    }
    files.end(file, bytes);
    finished = true;
    return file;
  }

  @Override
  public void close() {
    if (!finished) {
      files.discard(file);
    }
  }
}
