package io.podyard.runtime.docker.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A body in chunks. What arrived is handed on at once, so that streams stay lively. */
final class ChunkedBody extends InputStream {

  private final InputStream in;
  private long left;
  private boolean first = true;
  private boolean ended;

  ChunkedBody(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, to.length);
    if (length == 0) {
      return 0;
    }
    if (left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int n = in.read(to, offset, (int) Math.min(length, left));
    if (n < 0) {
      throw new EOFException("the engine's answer ends early");
    }
    left -= n;
    return n;
  }

  private void nextChunk() throws IOException {
    if (!first) {
      line();
    }
    first = false;
    String size = line();
    int end = size.indexOf(';');
    try {
      left = Long.parseLong((end < 0 ? size : size.substring(0, end)).strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("the engine's answer has a bad chunk: " + size, e);
    }
    if (left == 0) {
      ended = true;
      while (!line().isEmpty()) {
        // What stands behind the last chunk is of no use here.
      }
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the engine's answer ends early");
      }
      if (line.length() > 1024) {
        throw new IOException("the engine's answer has an overlong chunk header");
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }
}
