package io.podyard.runtime.docker.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an engine, for one exchange. {@link #abort} may be called by any thread at any
 * moment and wakes whoever is reading, writing or connecting; this is what deadlines do.
 */
final class EngineWire implements AutoCloseable {

  private final AutoCloseable raw;
  private @Nullable InputStream in;
  private @Nullable OutputStream out;
  private @Nullable Socket socket;

  private EngineWire(AutoCloseable raw) {
    this.raw = raw;
  }

  /** Not yet connected, so that a deadline can be set before. */
  static EngineWire unconnected(EngineAddress address) throws IOException {
    return switch (address) {
      case EngineAddress.Local _ -> new EngineWire(SocketChannel.open(StandardProtocolFamily.UNIX));
      case EngineAddress.Remote _ -> new EngineWire(new Socket());
    };
  }

  void connect(EngineAddress address) throws IOException {
    switch (address) {
      case EngineAddress.Local local -> {
        SocketChannel channel = (SocketChannel) raw;
        channel.connect(UnixDomainSocketAddress.of(local.socket()));
        in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        out = Channels.newOutputStream(channel);
      }
      case EngineAddress.Remote remote -> {
        Socket plain = (Socket) raw;
        plain.connect(new InetSocketAddress(remote.host(), remote.port()));
        plain.setTcpNoDelay(true);
        plain.setKeepAlive(true);
        SSLContext tls = remote.tls();
        Socket used = tls == null ? plain : secured(tls, plain, remote);
        in = new BufferedInputStream(used.getInputStream(), 1 << 16);
        out = used.getOutputStream();
        socket = used;
      }
    }
  }

  private static Socket secured(SSLContext tls, Socket plain, EngineAddress.Remote remote)
      throws IOException {
    SSLSocket secure =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, remote.host(), remote.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  InputStream in() {
    if (in == null) {
      throw new IllegalStateException("not connected");
    }
    return in;
  }

  OutputStream out() {
    if (out == null) {
      throw new IllegalStateException("not connected");
    }
    return out;
  }

  /** Ends what goes to the other side; it may still speak. */
  void endOutput() throws IOException {
    Socket used = socket;
    if (raw instanceof SocketChannel channel) {
      channel.shutdownOutput();
    } else if (used != null) {
      used.shutdownOutput();
    } else {
      throw new IllegalStateException("not connected");
    }
  }

  /** Ends it from outside, without a word to the other side. */
  void abort() {
    try {
      raw.close();
    } catch (Exception e) {
      System.getLogger(EngineWire.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a connection to an engine", e);
    }
  }

  @Override
  public void close() {
    if (socket != null && socket != raw) {
      try {
        socket.close();
      } catch (IOException e) {
        System.getLogger(EngineWire.class.getName())
            .log(System.Logger.Level.DEBUG, "closing a connection to an engine", e);
      }
    }
    abort();
  }
}
