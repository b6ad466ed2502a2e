package io.podyard.runtime.docker.data.nfs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that always sends a little of an answer does not hold anybody longer than it may. */
@Timeout(30)
class SlowAnswerTest {

  private static final int LAST_FRAGMENT = 1 << 31;
  private static final NfsEntry FOLDER =
      new NfsEntry("", new byte[] {1}, NfsEntry.Kind.FOLDER, 0, 0, false);

  /** What a server sends instead of an answer, until nobody listens. */
  private interface Sending {
    void to(DataOutputStream out) throws IOException;
  }

  private static void serve(ServerSocket socket, Sending sending) {
    try (Socket client = socket.accept()) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      var _ = in.readNBytes(in.readInt() & Integer.MAX_VALUE);
      sending.to(new DataOutputStream(client.getOutputStream()));
    } catch (IOException e) {
      // The client has had enough.
    }
  }

  private static void endsInTime(Sending sending) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> serve(socket, sending));
      NfsConnection.Server server =
          new NfsConnection.Server(
              socket.getInetAddress(),
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              System.nanoTime() + Duration.ofMillis(500).toNanos());
      try (NfsConnection connection = new Nfs4(server, socket.getLocalPort())) {
        assertThatThrownBy(() -> connection.list(FOLDER, 10))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void byteByByte() throws Exception {
    endsInTime(
        out -> {
          out.writeInt(LAST_FRAGMENT | 1 << 20);
          while (true) {
            out.write(0);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
          }
        });
  }

  @Test
  void inEmptyFragments() throws Exception {
    endsInTime(
        out -> {
          while (true) {
            out.writeInt(0);
          }
        });
  }
}
