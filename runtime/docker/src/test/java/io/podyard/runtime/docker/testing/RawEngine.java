package io.podyard.runtime.docker.testing;

import io.podyard.runtime.docker.http.EngineAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A peer that does what a test says, byte by byte; on a Unix socket or on TCP. */
public final class RawEngine implements AutoCloseable {

  private final ServerSocketChannel server;
  private final Script script;
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  @FunctionalInterface
  public interface Script {
    void play(String head, InputStream in, OutputStream out) throws IOException;
  }

  /** Reads the request and says nothing. */
  public static final Script SILENT = (_, in, _) -> in.transferTo(OutputStream.nullOutputStream());

  public RawEngine(@Nullable Path socket, Script script) {
    this.script = script;
    try {
      if (socket == null) {
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      } else {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  public static Script answering(String text) {
    return (_, _, out) -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public EngineAddress address() {
    try {
      return server.getLocalAddress() instanceof InetSocketAddress tcp
          ? new EngineAddress.Remote("127.0.0.1", tcp.getPort(), null)
          : new EngineAddress.Local(((UnixDomainSocketAddress) server.getLocalAddress()).getPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The heads of the requests that came. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        open.add(channel);
        Thread.startVirtualThread(() -> play(channel));
      }
    } catch (IOException e) {
      // Closed by the test.
    }
  }

  private void play(SocketChannel channel) {
    try (channel) {
      InputStream in = Channels.newInputStream(channel);
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        head.write(b);
        if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
          String text = head.toString(StandardCharsets.ISO_8859_1);
          requests.add(text);
          script.play(text, in, Channels.newOutputStream(channel));
          return;
        }
      }
    } catch (IOException e) {
      // The other side hung up, which is its right.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (SocketChannel channel : open) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
