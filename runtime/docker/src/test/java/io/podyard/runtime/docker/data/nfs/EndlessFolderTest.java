package io.podyard.runtime.docker.data.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that lists page after page of a folder, each of other files, is not asked for ever. */
@Timeout(30)
class EndlessFolderTest {

  private static final int PAGE = 10;
  private static final int MOST = 25;
  private static final int FILE = 1;
  private static final int MODE = 0644;
  private static final NfsEntry FOLDER =
      new NfsEntry("", new byte[] {1}, NfsEntry.Kind.FOLDER, 0, 0, false);

  private interface Opening {
    NfsConnection open(NfsConnection.Server server, int port) throws IOException;
  }

  /** One page more. */
  private interface Page {
    void write(XdrWriter out, long first);
  }

  private static int listed(Opening opening, Page page) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> serve(socket, page));
      NfsConnection.Server server =
          new NfsConnection.Server(
              socket.getInetAddress(),
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              System.nanoTime() + Duration.ofSeconds(30).toNanos());
      try (NfsConnection connection = opening.open(server, socket.getLocalPort())) {
        return connection.list(FOLDER, MOST).size();
      }
    }
  }

  private static void serve(ServerSocket socket, Page page) {
    try (Socket client = socket.accept()) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      for (long first = 0; ; first += PAGE) {
        byte[] call = in.readNBytes(in.readInt() & Integer.MAX_VALUE);
        XdrWriter answer = new XdrWriter().integer(ByteBuffer.wrap(call).getInt());
        // It is the answer, was accepted, proves nothing, went well.
        answer.integer(1).integer(0).integer(0).integer(0).integer(0);
        page.write(answer, first);
        byte[] bytes = answer.bytes();
        byte[] record = new XdrWriter().integer((1 << 31) | bytes.length).fixed(bytes).bytes();
        client.getOutputStream().write(record);
      }
    } catch (IOException e) {
      // The client has seen enough.
    }
  }

  private static void page3(XdrWriter out, long first) {
    out.integer(0).integer(0).fixed(new byte[8]);
    for (long cookie = first + 1; cookie <= first + PAGE; cookie++) {
      out.integer(1).hyper(cookie).string("file-" + cookie).hyper(cookie);
      out.integer(1).integer(FILE).integer(MODE).fixed(new byte[12]).hyper(5);
      out.fixed(new byte[40]).hyper(1).hyper(1);
      out.integer(1).opaque(new byte[] {2});
    }
    out.integer(0).integer(0);
  }

  private static void page4(XdrWriter out, long first) {
    out.integer(0).string("").integer(2);
    out.integer(22).integer(0).integer(26).integer(0).fixed(new byte[8]);
    for (long cookie = first + 1; cookie <= first + PAGE; cookie++) {
      out.integer(1).hyper(cookie).string("file-" + cookie);
      // Type, change, size, handle; mode.
      out.integer(2).integer((1 << 1) | (1 << 3) | (1 << 4) | (1 << 19)).integer(1 << 1);
      XdrWriter values = new XdrWriter().integer(FILE).hyper(1).hyper(5).opaque(new byte[] {2});
      out.opaque(values.integer(MODE).bytes());
    }
    out.integer(0).integer(0);
  }

  @Test
  void ofVersion3() throws Exception {
    assertThat(listed((server, port) -> new Nfs3(server, port, 0), EndlessFolderTest::page3))
        .isEqualTo(30);
  }

  @Test
  void ofVersion4() throws Exception {
    assertThat(listed(Nfs4::new, EndlessFolderTest::page4)).isEqualTo(30);
  }
}
