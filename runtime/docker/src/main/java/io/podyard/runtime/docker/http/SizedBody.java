package io.podyard.runtime.docker.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A body whose size was said before. */
final class SizedBody extends InputStream {

  private final InputStream in;
  private long left;

  SizedBody(InputStream in, long size) {
    this.in = in;
    this.left = size;
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
    if (left == 0) {
      return -1;
    }
    int n = in.read(to, offset, (int) Math.min(length, left));
    if (n < 0) {
      throw new EOFException("the engine's answer ends early");
    }
    left -= n;
    return n;
  }
}
