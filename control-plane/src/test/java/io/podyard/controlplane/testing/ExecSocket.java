package io.podyard.controlplane.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that talks with a command over the channels of Kubernetes. */
public final class ExecSocket implements AutoCloseable {

  public static final String V4 = "v4.channel.k8s.io";
  public static final String V5 = "v5.channel.k8s.io";

  private static final long LONGEST_SECONDS = 30;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final boolean reads;
  private final WebSocket socket;

  private ExecSocket(URI address, @Nullable String protocol, boolean reads) {
    this.reads = reads;
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (protocol != null) {
      builder = builder.subprotocols(protocol);
    }
    this.socket =
        builder
            .buildAsync(address, new Listener())
            .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
            .join();
  }

  /**
   * Opens a session.
   *
   * @param protocol null to ask for none
   */
  public static ExecSocket open(String address, @Nullable String protocol) {
    return new ExecSocket(URI.create(address), protocol, true);
  }

  /** Opens a session and then never takes anything. */
  public static ExecSocket openAndStall(String address) {
    return new ExecSocket(URI.create(address), V4, false);
  }

  /** The status with which the server refuses to open a session. */
  public static int refusal(String address, @Nullable String protocol) {
    try (ExecSocket _ = open(address, protocol)) {
      throw new AssertionError("a session is open that should not be");
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  public String protocol() {
    return socket.getSubprotocol();
  }

  public void send(int channel, byte[] bytes) {
    socket
        .sendBinary(
            ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).flip(), true)
        .join();
  }

  public void type(String text) {
    send(0, text.getBytes(UTF_8));
  }

  public void resize(int columns, int rows) {
    send(4, "{\"Width\":%d,\"Height\":%d}".formatted(columns, rows).getBytes(UTF_8));
  }

  /** Ends the command's input, in version 5. */
  public void endInput() {
    send(255, new byte[] {0});
  }

  /** What came on a channel so far. */
  public String said(int channel) {
    ByteArrayOutputStream here = channels.get(channel);
    return here == null ? "" : here.toString(UTF_8);
  }

  public void awaitSaid(int channel, String text) {
    Waiting.until("channel " + channel + " says " + text, () -> said(channel).contains(text));
  }

  /** How the command ended, once the server has closed the session. */
  public JsonNode status() {
    int code = closeCode();
    if (code != WebSocket.NORMAL_CLOSURE) {
      throw new AssertionError("closed with " + code + " after " + said(1) + said(2));
    }
    return JsonMapper.builder().build().readTree(said(3));
  }

  public boolean isClosed() {
    return closed.isDone();
  }

  public int closeCode() {
    return closed.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Leaves without a word. */
  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {

    private @Nullable Integer channel;

    @Override
    public void onOpen(WebSocket opened) {
      if (reads) {
        opened.request(1);
      }
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      Integer here = channel;
      if (here == null && data.hasRemaining()) {
        here = Byte.toUnsignedInt(data.get());
        channel = here;
      }
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      if (here != null) {
        channels.computeIfAbsent(here, _ -> new ByteArrayOutputStream()).writeBytes(bytes);
      }
      if (last) {
        channel = null;
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed.completeExceptionally(failure);
    }
  }
}
