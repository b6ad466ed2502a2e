package io.podyard.runtime.docker.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Sends a body in chunks. Closing it ends nothing; {@link #end} does. */
final class ChunkedOutput extends OutputStream {

  private final OutputStream wire;
  private final byte[] buffer = new byte[1 << 16];
  private int filled;

  ChunkedOutput(OutputStream wire) {
    this.wire = wire;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    int at = offset;
    int left = length;
    while (left > 0) {
      int n = Math.min(left, buffer.length - filled);
      System.arraycopy(from, at, buffer, filled, n);
      filled += n;
      at += n;
      left -= n;
      if (filled == buffer.length) {
        send();
      }
    }
  }

  private void send() throws WireException {
    try {
      if (filled > 0) {
        wire.write((Integer.toHexString(filled) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        wire.write(buffer, 0, filled);
        wire.write('\r');
        wire.write('\n');
        filled = 0;
      }
    } catch (IOException e) {
      throw new WireException(e);
    }
  }

  void end() throws WireException {
    send();
    try {
      wire.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new WireException(e);
    }
  }

  @Override
  public void close() {
    // Archives close what they are written to; the exchange goes on.
  }

  /** The other side does not take any more. */
  static final class WireException extends IOException {

    private static final long serialVersionUID = 1L;

    WireException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
