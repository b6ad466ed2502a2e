package io.podyard.controlplane.budget;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One HTTP POST, of which only the status is read. Not by an HTTP client of the JDK: those look the
 * name up by themselves, so that it could have become another address since that was checked.
 */
final class WebhookCall {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");

  /** Of all lines before the body. */
  private static final int MOST_BYTES = 16_384;

  private final long end;
  private int read;

  private WebhookCall(Duration within) {
    this.end = System.nanoTime() + within.toNanos();
  }

  /**
   * Sends it and answers the status.
   *
   * @param within how long all of it may take
   * @throws IOException if there is none in time; the message says why
   */
  static int post(URI uri, Map<String, String> headers, String body, Duration within)
      throws IOException {
    return new WebhookCall(within).send(uri, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private int send(URI uri, Map<String, String> headers, byte[] body) throws IOException {
    boolean secure = "https".equals(uri.getScheme());
    int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
    String host = uri.getHost();
    InetAddress address = address(host);
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, port), left());
      plain.setSoTimeout(left());
      try (Socket socket = secure ? secured(plain, host, port) : plain) {
        socket.getOutputStream().write(request(uri, headers, body));
        socket.getOutputStream().flush();
        return status(socket);
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("there was no answer in time", e);
    }
  }

  private static InetAddress address(String host) throws IOException {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    InetAddress[] all = InetAddress.getAllByName(name);
    for (InetAddress address : all) {
      if (WebhookTargets.isClosed(address)) {
        throw new IOException("nobody is told at " + address.getHostAddress());
      }
    }
    return all[0];
  }

  private static Socket secured(Socket plain, String host, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            ((SSLSocketFactory) SSLSocketFactory.getDefault())
                .createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static byte[] request(URI uri, Map<String, String> headers, byte[] body) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    StringBuilder text = new StringBuilder();
    text.append("POST ").append(path).append(query).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    text.append("Content-Length: ").append(body.length).append("\r\n");
    text.append("Connection: close\r\n\r\n");
    byte[] head = text.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  /** Of the answer itself; what only tells to go on is read over. */
  private int status(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    while (true) {
      Matcher matcher = STATUS.matcher(line(socket, in));
      if (!matcher.matches()) {
        throw new IOException("the answer is no HTTP");
      }
      int status = Integer.parseInt(matcher.group(1));
      if (status >= 200) {
        return status;
      }
      while (!line(socket, in).isEmpty()) {
        // a header of no interest
      }
    }
  }

  private String line(Socket socket, InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      socket.setSoTimeout(left());
      int next = in.read();
      if (next < 0) {
        throw new IOException("the connection was closed without an answer");
      }
      if (++read > MOST_BYTES) {
        throw new IOException("the answer has too many headers");
      }
      if (next == '\n') {
        return line.toString().stripTrailing();
      }
      line.append((char) next);
    }
  }

  private int left() throws SocketTimeoutException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) millis;
  }
}
