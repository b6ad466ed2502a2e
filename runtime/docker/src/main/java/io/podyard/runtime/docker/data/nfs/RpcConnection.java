package io.podyard.runtime.docker.data.nfs;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Remote calls over TCP (RFC 5531), one at a time, as the user root of a machine named podyard.
 * After an {@link IOException} it is of no use any more.
 */
final class RpcConnection implements AutoCloseable {

  private static final int LARGEST_ANSWER = 4 << 20;
  private static final int LAST_FRAGMENT = 1 << 31;
  private static final int FIRST_PRIVILEGED = 600;
  private static final int FIRST_FREE = 1024;
  private static final int PRIVILEGED_TRIES = 5;

  private final SocketChannel channel;
  private final DataInputStream in;
  private final OutputStream out;
  private int id = ThreadLocalRandom.current().nextInt();

  RpcConnection(NfsConnection.Server server, int port) throws IOException {
    // A channel's socket, unlike another, is closed by an interrupt.
    this.channel = SocketChannel.open();
    try {
      Socket socket = channel.socket();
      socket.setTcpNoDelay(true);
      bindPrivileged(socket);
      socket.connect(
          new InetSocketAddress(server.address(), port),
          Math.toIntExact(server.connect().toMillis()));
      InputStream timed = new Timed(socket, server.stall(), server.endNanos());
      this.in = new DataInputStream(new BufferedInputStream(timed, 1 << 16));
      this.out = socket.getOutputStream();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** What a server sends, however little at a time, until all has to be over. */
  private static final class Timed extends FilterInputStream {

    private final Socket socket;
    private final Duration stall;
    private final long endNanos;

    Timed(Socket socket, Duration stall, long endNanos) throws IOException {
      super(socket.getInputStream());
      this.socket = socket;
      this.stall = stall;
      this.endNanos = endNanos;
    }

    @Override
    public int read() throws IOException {
      limit();
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      limit();
      return super.read(bytes, offset, length);
    }

    private void limit() throws IOException {
      long left = endNanos - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("the NFS server has not answered in time");
      }
      // Zero would be without a limit.
      long millis = Math.min(stall.toMillis(), TimeUnit.NANOSECONDS.toMillis(left) + 1);
      socket.setSoTimeout(Math.toIntExact(millis));
    }
  }

  /** Many servers trust only who may use such ports; who may not use them tries without. */
  private static void bindPrivileged(Socket socket) throws IOException {
    for (int i = 0; i < PRIVILEGED_TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PRIVILEGED, FIRST_FREE);
      try {
        socket.bind(new InetSocketAddress(port));
        return;
      } catch (BindException e) {
        // Another port may be free.
      } catch (SocketException e) {
        return;
      }
    }
  }

  /**
   * @return the results
   * @throws NfsRefusal if the server does not take the call
   */
  XdrReader call(int program, int version, int procedure, byte[] arguments)
      throws IOException, NfsRefusal {
    id++;
    XdrWriter call =
        new XdrWriter()
            .integer(id)
            .integer(0)
            .integer(2)
            .integer(program)
            .integer(version)
            .integer(procedure);
    byte[] user =
        new XdrWriter().integer(0).string("podyard").integer(0).integer(0).integer(0).bytes();
    call.integer(1).opaque(user);
    call.integer(0).integer(0);
    byte[] head = call.bytes();
    ByteBuffer record = ByteBuffer.allocate(4 + head.length + arguments.length);
    record.putInt(LAST_FRAGMENT | (head.length + arguments.length)).put(head).put(arguments);
    out.write(record.array());
    out.flush();
    XdrReader answer = new XdrReader(record());
    if (answer.integer() != id || answer.integer() != 1) {
      throw new IOException("the NFS server sent something else than the answer");
    }
    if (answer.integer() != 0) {
      throw new NfsRefusal(
          answer.integer() == 1
              ? "the NFS server does not take who asks"
              : "the NFS server speaks another version of remote calls");
    }
    answer.integer();
    answer.opaque(400);
    switch (answer.integer()) {
      case 0 -> {}
      case 1, 2 ->
          throw new NfsRefusal(
              "the server does not speak version %d of program %d".formatted(version, program));
      case 3 -> throw new NfsRefusal("the NFS server does not know procedure " + procedure);
      default -> throw new NfsRefusal("the NFS server does not understand what it is asked");
    }
    return answer;
  }

  private ByteBuffer record() throws IOException {
    byte[] all = new byte[0];
    boolean last;
    do {
      int mark = in.readInt();
      last = (mark & LAST_FRAGMENT) != 0;
      int length = mark & ~LAST_FRAGMENT;
      if (length > LARGEST_ANSWER - all.length) {
        throw new IOException("the NFS server sent an answer that is too long");
      }
      byte[] more = Arrays.copyOf(all, all.length + length);
      in.readFully(more, all.length, length);
      all = more;
    } while (!last);
    return ByteBuffer.wrap(all);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
