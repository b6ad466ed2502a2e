package io.podyard.controlplane.write;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;

/**
 * Sockets whose sender stands still in the middle of a message, as a frozen process does. The
 * driver of the database makes it by its name.
 */
public final class StallingSockets extends SocketFactory {

  private static final AtomicReference<CountDownLatch> STALL =
      new AtomicReference<>(new CountDownLatch(0));

  /** From now on only the first half of what is sent at once arrives, until this is let go. */
  static CountDownLatch stall() {
    CountDownLatch stall = new CountDownLatch(1);
    STALL.set(stall);
    return stall;
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public OutputStream getOutputStream() throws IOException {
        return new Halting(super.getOutputStream());
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }

  private static final class Halting extends FilterOutputStream {

    Halting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int half = length / 2;
      out.write(bytes, offset, half);
      out.flush();
      try {
        STALL.get().await();
      } catch (InterruptedException e) {
        throw new IOException("interrupted in the middle of a message", e);
      }
      out.write(bytes, offset + half, length - half);
    }
  }
}
