package io.podyard.bench.sessions;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.container.ExecContainerCommandResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sessions and followed logs of one container, open at once. */
final class Talks implements AutoCloseable {

  private static final byte[] LINE = "\0over and over again\n".getBytes(StandardCharsets.UTF_8);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI endpoint;
  private final PodyardClient client;
  private final String login;
  private final String group;
  private final List<WebSocket> sockets = new ArrayList<>();
  private final List<WebSocket> stalled = new ArrayList<>();
  private final List<InputStream> logs = new ArrayList<>();
  private final AtomicLong heard = new AtomicLong();

  /**
   * @param login of HTTP Basic, id and secret with a colon between
   */
  Talks(URI endpoint, PodyardClient client, String login, String group) {
    this.endpoint = endpoint;
    this.client = client;
    this.login = login;
    this.group = group;
  }

  /** Opens a session with a command that gives back what is said. */
  void open(String command) {
    sockets.add(connect(command, true));
  }

  /** Opens a session with a command that says much, and never takes anything of it. */
  void stall(String command) {
    stalled.add(connect(command, false));
  }

  private WebSocket connect(String command, boolean read) {
    String address =
        String.valueOf(
            client
                .call(
                    Action.EXEC_CONTAINER_COMMAND,
                    Map.of(
                        "ContainerGroupId",
                        group,
                        "ContainerName",
                        "main",
                        "Command",
                        "[\"" + command + "\"]"),
                    ExecContainerCommandResponse.class)
                .webSocketUri());
    return http.newWebSocketBuilder()
        .subprotocols("v4.channel.k8s.io")
        .buildAsync(URI.create(address), new Counting(read))
        .join();
  }

  /** Follows the container's log. */
  void follow() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                endpoint.resolve(
                    "/v1/container-groups/" + group + "/containers/main/logs?follow=true"))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
            .build();
    HttpResponse<InputStream> answer =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IOException("following is refused with " + answer.statusCode());
    }
    logs.add(answer.body());
    if (answer.body().read() < 0) {
      throw new IOException("the log ended");
    }
  }

  /** Says a line in every session that is read; how many bytes it is in all. */
  long say() {
    long bytes = 0;
    for (WebSocket socket : sockets) {
      bytes += LINE.length - 1;
      socket.sendBinary(ByteBuffer.wrap(LINE), true).join();
    }
    return bytes;
  }

  /** Bytes of output that came so far, of all sessions. */
  long heard() {
    return heard.get();
  }

  @Override
  public void close() {
    sockets.forEach(WebSocket::abort);
    stalled.forEach(WebSocket::abort);
    for (InputStream log : logs) {
      try {
        log.close();
      } catch (IOException e) {
        System.err.println("bench: " + e.getMessage());
      }
    }
    http.shutdownNow();
  }

  private final class Counting implements WebSocket.Listener {

    private final boolean read;

    Counting(boolean read) {
      this.read = read;
    }

    @Override
    public void onOpen(WebSocket socket) {
      if (read) {
        socket.request(1);
      }
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      heard.addAndGet(Math.max(0, data.remaining() - 1));
      socket.request(1);
      return null;
    }
  }
}
