package io.podyard.bench;

import io.podyard.api.EciJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Calls to a Docker Engine with nothing around them: one connection each, HTTP/1.0, so an answer
 * ends where the connection does.
 */
public final class Engine {

  /** An engine that refused. */
  public static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private static final String USUAL = "unix:///var/run/docker.sock";
  private static final String GROUP = "io.podyard.group";
  private static final int REFUSED = 400;
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private final SocketAddress address;
  private final String name;

  private Engine(SocketAddress address, String name) {
    this.address = address;
    this.name = name;
  }

  /** The engine that {@code DOCKER_HOST} names, else the usual one of this machine. */
  public static Engine ofEnvironment() {
    @Nullable String host = System.getenv("DOCKER_HOST");
    URI uri = URI.create(host == null || host.isBlank() ? USUAL : host);
    return switch (uri.getScheme()) {
      case "unix" -> new Engine(UnixDomainSocketAddress.of(Path.of(uri.getPath())), uri.toString());
      case "tcp", "http" ->
          new Engine(new InetSocketAddress(uri.getHost(), uri.getPort()), uri.toString());
      default -> throw new IllegalArgumentException("DOCKER_HOST is " + uri);
    };
  }

  /** The engine that listens at a socket. */
  public static Engine at(Path socket) {
    return new Engine(UnixDomainSocketAddress.of(socket), "unix://" + socket);
  }

  /** Its address and version. */
  public String describe() {
    return "Docker Engine " + get("/version").path("Version").asString() + " at " + name;
  }

  /** The containers of a group of Podyard, those that ended too. */
  public JsonNode containers(String group) {
    return get(
        "/containers/json?all=1&filters="
            + encoded("{\"label\":[\"" + GROUP + "=" + group + "\"]}"));
  }

  public JsonNode get(String path) {
    return json(call("GET", path, null));
  }

  public JsonNode post(String path, @Nullable JsonNode body) {
    return json(call("POST", path, body));
  }

  public void delete(String path) {
    String _ = call("DELETE", path, null);
  }

  private static JsonNode json(String text) {
    return EciJson.rest().readTree(text.isEmpty() ? "null" : text);
  }

  /** Answers the body as text. */
  public String call(String method, String path, @Nullable JsonNode body) {
    byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.0\r\nHost: engine\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, bytes.length);
    try (SocketChannel channel = open()) {
      channel.connect(address);
      var out = Channels.newOutputStream(channel);
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(bytes);
      return answer(Channels.newInputStream(channel).readAllBytes(), method + " " + path);
    } catch (IOException e) {
      throw new UncheckedIOException("engine " + name, e);
    }
  }

  private SocketChannel open() throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }

  private static String answer(byte[] all, String request) {
    int end = 0;
    while (end + HEAD_END.length <= all.length
        && !Arrays.equals(all, end, end + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
      end++;
    }
    String head = new String(all, 0, Math.min(end, all.length), StandardCharsets.US_ASCII);
    String[] words = head.split(" ", 3);
    if (words.length < 2 || !words[1].matches("[0-9]{3}")) {
      throw new IllegalStateException(request + " was answered with: " + head);
    }
    int from = Math.min(all.length, end + HEAD_END.length);
    String body = new String(all, from, all.length - from, StandardCharsets.UTF_8);
    int status = Integer.parseInt(words[1]);
    if (status >= REFUSED) {
      throw new RefusedException(status, request + " was answered " + status + ": " + body.strip());
    }
    return body;
  }

  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
