package io.podyard.runtime.docker.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Passes connections on to a server, and breaks some of them off. */
final class BreakingProxy implements AutoCloseable {

  private final ServerSocket listening;
  private final int server;
  private final AtomicInteger breaks;
  private final long after;

  /** Bytes that came from the server, broken connections included. */
  final AtomicLong passed = new AtomicLong();

  /**
   * @param breaks connections, of those that carry so much
   * @param after bytes from the server
   */
  BreakingProxy(int server, int breaks, long after) throws IOException {
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.server = server;
    this.breaks = new AtomicInteger(breaks);
    this.after = after;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** How many connections are still to be broken off. */
  int left() {
    return breaks.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Socket to = new Socket();
        bindPrivileged(to);
        to.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
        Thread.ofVirtual().start(() -> pass(client, to, false));
        Thread.ofVirtual().start(() -> pass(to, client, true));
      } catch (IOException e) {
        return;
      }
    }
  }

  /** As servers of NFS want it; of no matter where that is not possible. */
  private static void bindPrivileged(Socket socket) {
    for (int port = 1023; port > 900 && !socket.isBound(); port--) {
      try {
        socket.bind(new InetSocketAddress(port));
      } catch (IOException e) {
        // Taken, or not allowed.
      }
    }
  }

  private void pass(Socket from, Socket to, boolean counted) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      long bytes = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        bytes += n;
        if (counted) {
          passed.addAndGet(n);
          if (bytes > after && breaks.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
            return;
          }
        }
      }
    } catch (IOException e) {
      // One side hung up.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
