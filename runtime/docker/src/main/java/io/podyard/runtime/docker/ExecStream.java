package io.podyard.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Standard input and output of a command, while it runs. For one thread. */
final class ExecStream {

  private static final int MOST_ERRORS = 4096;
  private static final int ERRORS = 2;

  private final DataInputStream frames;
  private final OutputStream input;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private @Nullable IOException broken;
  private int left;
  private boolean refused;
  private boolean ended;

  /**
   * @param output the engine's frames
   * @param input of the command
   */
  ExecStream(InputStream output, OutputStream input) {
    this.frames = new DataInputStream(output);
    this.input = input;
  }

  /** The connection to the engine broke, which says nothing about the command. */
  static final class BrokenException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokenException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  void throwIfBroken() throws BrokenException {
    if (broken != null) {
      throw new BrokenException(broken);
    }
  }

  /** What it wrote to its standard error so far. */
  String errors() {
    return errors.toString(StandardCharsets.UTF_8);
  }

  private int read(byte[] to, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, to.length);
    if (length == 0) {
      return 0;
    }
    try {
      while (left == 0) {
        int stream = frames.read();
        if (stream < 0) {
          ended = true;
          return -1;
        }
        frames.skipNBytes(3);
        int size = frames.readInt();
        if (size < 0) {
          throw new IOException("the engine's stream has no frame where one should be");
        }
        if (stream == ERRORS) {
          byte[] said = frames.readNBytes(Math.min(size, MOST_ERRORS));
          frames.skipNBytes(size - said.length);
          errors.write(
              said, 0, Math.min(said.length, MOST_ERRORS - Math.min(MOST_ERRORS, errors.size())));
        } else {
          left = size;
        }
      }
      int n = frames.read(to, offset, Math.min(length, left));
      if (n < 0) {
        throw new EOFException("the engine's stream ends inside a frame");
      }
      left -= n;
      return n;
    } catch (IOException e) {
      broken = e;
      throw e;
    }
  }

  /** What a command that has ended takes no more says nothing about the engine. */
  private void write(byte[] from, int offset, int length) throws IOException {
    try {
      input.write(from, offset, length);
      input.flush();
    } catch (IOException e) {
      refused = true;
      throw e;
    }
  }

  /** Reads what a command said that takes no more input, to its end. */
  void hearOutIfRefused() throws BrokenException {
    try {
      byte[] rest = new byte[1024];
      while (refused && read(rest, 0, rest.length) >= 0) {
        // Only what it says to its standard error matters.
      }
    } catch (IOException e) {
      throw new BrokenException(e);
    }
  }

  /** Whether its output came to its end. */
  boolean hasEnded() {
    return ended;
  }

  /** For what speaks over sockets alone. Closing it leaves the connection to the engine open. */
  Socket asSocket() {
    return new Socket() {
      private boolean closed;

      @Override
      public InputStream getInputStream() {
        return new InputStream() {
          @Override
          public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
          }

          @Override
          public int read(byte[] to, int offset, int length) throws IOException {
            return ExecStream.this.read(to, offset, length);
          }
        };
      }

      @Override
      public OutputStream getOutputStream() {
        return new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] from, int offset, int length) throws IOException {
            ExecStream.this.write(from, offset, length);
          }
        };
      }

      @Override
      public boolean isConnected() {
        return true;
      }

      @Override
      public boolean isClosed() {
        return closed;
      }

      @Override
      public void setTcpNoDelay(boolean on) {}

      @Override
      public void setSoTimeout(int millis) {}

      @Override
      public int getSoTimeout() {
        return 0;
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }
}
