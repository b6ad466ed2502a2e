package io.podyard.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection that carries request after request, for clients that are to take little of the
 * processors they share with the server that is measured.
 */
final class KeptConnection implements AutoCloseable {

  private static final int ANSWER_MILLIS = 30_000;
  private static final String LENGTH = "\r\ncontent-length:";
  private static final String LAST = "\r\nconnection: close";
  private static final String END_OF_HEAD = "\r\n\r\n";

  /** An answer: its status, and what it says. */
  record Answer(int status, String body) {}

  private final URI endpoint;
  private Socket socket;
  private boolean ended;
  private final byte[] buffer = new byte[16 * 1024];

  KeptConnection(URI endpoint) throws IOException {
    this.endpoint = endpoint;
    this.socket = connect(endpoint);
  }

  private static Socket connect(URI endpoint) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), ANSWER_MILLIS);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(ANSWER_MILLIS);
    return socket;
  }

  /** Sends a whole request and waits for the whole answer, which has to say how long it is. */
  Answer send(byte[] request) throws IOException {
    if (ended) {
      // A server keeps a connection for so many requests, and says which is the last.
      socket.close();
      socket = connect(endpoint);
    }
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    int have = 0;
    int end = -1;
    String head = "";
    while (end < 0 || have < end) {
      int read = in.read(buffer, have, buffer.length - have);
      if (read <= 0) {
        throw new EOFException("the server ended the connection after %d bytes".formatted(have));
      }
      have += read;
      if (end < 0) {
        String all = new String(buffer, 0, have, StandardCharsets.ISO_8859_1);
        int endOfHead = all.indexOf(END_OF_HEAD);
        if (endOfHead >= 0) {
          head = all.substring(0, endOfHead + 2).toLowerCase(Locale.ROOT);
          int length = head.indexOf(LENGTH);
          if (length < 0) {
            throw new IOException("an answer without a length:\n" + head);
          }
          int from = length + LENGTH.length();
          end =
              endOfHead
                  + END_OF_HEAD.length()
                  + Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
        }
      }
    }
    ended = head.contains(LAST);
    int bodyAt = head.length() + 2;
    return new Answer(
        Integer.parseInt(head.substring(9, 12)),
        new String(buffer, bodyAt, end - bodyAt, StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
