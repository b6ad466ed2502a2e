package io.podyard.runtime.docker.testing;

import io.podyard.runtime.docker.http.EngineAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between the engine under test and Docker, and can cut or freeze what passes. */
public final class EngineProxy implements AutoCloseable {

  private final ServerSocketChannel server;
  private final Path socket;
  private final EngineAddress target;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;
  private volatile boolean frozen;

  public EngineProxy(Path socket, EngineAddress target) {
    this.socket = socket;
    this.target = target;
    try {
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  public URI uri() {
    return URI.create("unix://" + socket);
  }

  /** Cuts all connections, and new ones as well until {@link #heal}. */
  public void cut() {
    refusing = true;
    open.forEach(EngineProxy::close);
  }

  /** Accepts and reads, but lets nothing through, until {@link #heal}. */
  public void freeze() {
    frozen = true;
  }

  public void heal() {
    refusing = false;
    frozen = false;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        open.add(client);
        Thread.startVirtualThread(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed by the test.
    }
  }

  private void serve(SocketChannel client) {
    if (refusing) {
      close(client);
      return;
    }
    try {
      if (frozen) {
        Channels.newInputStream(client).transferTo(OutputStream.nullOutputStream());
        close(client);
        return;
      }
      SocketChannel engine = connect();
      open.add(engine);
      Thread.startVirtualThread(() -> pump(client, engine));
      pump(engine, client);
    } catch (IOException e) {
      close(client);
    }
  }

  private SocketChannel connect() throws IOException {
    return switch (target) {
      case EngineAddress.Local local ->
          SocketChannel.open(UnixDomainSocketAddress.of(local.socket()));
      case EngineAddress.Remote remote ->
          SocketChannel.open(new InetSocketAddress(remote.host(), remote.port()));
    };
  }

  private void pump(SocketChannel from, SocketChannel to) {
    try {
      InputStream in = Channels.newInputStream(from);
      OutputStream out = Channels.newOutputStream(to);
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One of the two hung up.
    } finally {
      close(from);
      close(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(EngineProxy::close);
  }
}
