package io.podyard.runtime.docker;

import io.podyard.runtime.CheckResult;
import io.podyard.runtime.Handler;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.http.Trouble;
import io.podyard.runtime.docker.web.AnyCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * HTTP over TLS from inside a group's network. The sandbox's program knows no TLS: it only carries
 * the bytes of a connection, and TLS is spoken here. Certificates are not verified.
 */
final class TlsChecks {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");
  private static final int LONGEST_LINE = 4096;

  private final ExecRun execs;

  TlsChecks(ExecRun execs) {
    this.execs = execs;
  }

  CheckResult get(String sandbox, Handler.HttpGet http, String host, Duration timeout)
      throws RuntimeUnavailableException {
    List<String> command =
        List.of(
            SandboxImage.PROGRAM,
            "relay",
            host,
            Integer.toString(http.port()),
            ContainerChecks.millis(timeout));
    try {
      return execs.talk(
          sandbox, command, timeout, stream -> ask(stream, http, host), TlsChecks::late);
    } catch (NoSuchContainerException e) {
      throw new RuntimeUnavailableException("the group's sandbox does not run", e);
    }
  }

  private static CheckResult late() {
    return new CheckResult(false, "no answer: timed out");
  }

  private static CheckResult ask(ExecStream stream, Handler.HttpGet http, String host)
      throws ExecStream.BrokenException {
    try {
      SSLSocket socket =
          (SSLSocket)
              AnyCertificate.context()
                  .getSocketFactory()
                  .createSocket(stream.asSocket(), host, http.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      socket.getOutputStream().write(request(http, host));
      socket.getOutputStream().flush();
      // Not closed in the way of TLS: who has answered need not hear of it.
      return answer(line(socket.getInputStream()));
    } catch (IOException e) {
      stream.throwIfBroken();
      stream.hearOutIfRefused();
      String said = stream.errors().strip();
      return said.startsWith("commands, ")
          ? ContainerChecks.tooOld("relay")
          : new CheckResult(
              false, ContainerChecks.cut(said.isEmpty() ? "TLS: " + Trouble.words(e) : said));
    }
  }

  private static byte[] request(Handler.HttpGet http, String host) {
    StringBuilder request = new StringBuilder("GET " + http.path() + " HTTP/1.1\r\n");
    if (http.headers().stream().noneMatch(h -> h.name().equalsIgnoreCase("Host"))) {
      request.append("Host: ").append(host).append(':').append(http.port()).append("\r\n");
    }
    if (http.headers().stream().noneMatch(h -> h.name().equalsIgnoreCase("User-Agent"))) {
      request.append("User-Agent: podyard-probe\r\n");
    }
    http.headers()
        .forEach(h -> request.append(h.name()).append(": ").append(h.value()).append("\r\n"));
    request.append("Connection: close\r\n\r\n");
    return request.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n' && line.size() < LONGEST_LINE; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  private static CheckResult answer(String line) {
    Matcher matcher = STATUS.matcher(line);
    if (!matcher.matches()) {
      return new CheckResult(false, "the answer is not HTTP");
    }
    int status = Integer.parseInt(matcher.group(1));
    boolean passed = status >= 200 && status < 400;
    return new CheckResult(passed, passed ? "" : "HTTP status " + status);
  }
}
