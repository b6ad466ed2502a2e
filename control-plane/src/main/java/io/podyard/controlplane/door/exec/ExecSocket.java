package io.podyard.controlplane.door.exec;

import io.podyard.controlplane.exec.OpenExec;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client and its command. A thread carries what the command says, waiting for the client where
 * it has to; the server's own carry what the client says, waiting for the command. So the two slow
 * down each other and nobody else, and nothing piles up between them.
 */
final class ExecSocket extends Endpoint {

  private static final Logger log = LoggerFactory.getLogger(ExecSocket.class);

  /** A client that is gone is seen when it does not take these any more. */
  private static final Duration BETWEEN_PINGS = Duration.ofSeconds(15);

  private static final String SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

  private static final int LONGEST_TEXT = 64 * 1024;
  private static final int LONGEST_REASON = 100;

  private final OpenExec exec;
  private final CompletableFuture<Optional<ExecInput>> input = new CompletableFuture<>();
  private final CountDownLatch over = new CountDownLatch(1);

  ExecSocket(OpenExec exec) {
    this.exec = exec;
  }

  @Override
  public void onOpen(Session client, EndpointConfig config) {
    client.getUserProperties().put(SEND_TIMEOUT, exec.patience().toMillis());
    client.setMaxIdleTimeout(0); // it does not see who waits for whom
    client.setMaxTextMessageBufferSize(LONGEST_TEXT);
    client.addMessageHandler(
        ByteBuffer.class,
        (MessageHandler.Partial<ByteBuffer>) (part, last) -> received(client, part, last));
    client.addMessageHandler(
        String.class,
        (MessageHandler.Whole<String>)
            text -> received(client, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true));
    Thread _ = Thread.ofVirtual().name("exec-output").start(() -> talk(client));
    Thread _ = Thread.ofVirtual().name("exec-watch").start(() -> watch(client));
  }

  private void received(Session client, ByteBuffer part, boolean last) {
    exec.active();
    Optional<ExecInput> commandInput = input.join();
    if (commandInput.isEmpty()) {
      return; // it is over
    }
    try {
      commandInput.get().part(part, last);
      exec.active();
    } catch (ExecInput.ProtocolException e) {
      boolean _ = exec.left("the client broke the protocol");
      close(client, CloseCodes.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
    }
  }

  private void talk(Session client) {
    try {
      Optional<ExecSession> begun =
          exec.begin(reason -> end(client, ExecChannels.failed("Timeout", reason, 504), reason));
      input.complete(
          begun.map(
              session ->
                  new ExecInput(
                      session, ExecChannels.V5.equals(client.getNegotiatedSubprotocol()))));
      if (begun.isPresent()) {
        carry(client, begun.get());
      }
    } catch (NoSuchContainerException e) {
      fail(client, "the container does not run any more", "NotFound", 404);
    } catch (RuntimeUnavailableException e) {
      log.info("a session ended: {}", e.getMessage());
      fail(client, "the host does not answer", "InternalError", 503);
    } catch (IOException e) {
      boolean _ = exec.left("the client left");
      close(client, CloseCodes.CLOSED_ABNORMALLY, "");
    } catch (RuntimeException e) {
      log.error("a session failed unexpectedly", e);
      fail(client, "the server failed unexpectedly", "InternalError", 500);
    } finally {
      boolean _ = input.complete(Optional.empty());
      boolean _ = exec.left("the session ended");
      over.countDown();
    }
  }

  private void carry(Session client, ExecSession session)
      throws IOException, RuntimeUnavailableException, NoSuchContainerException {
    Optional<ExecSession.Chunk> chunk = session.read();
    while (chunk.isPresent()) {
      byte channel =
          switch (chunk.get().source()) {
            case OUTPUT -> ExecChannels.STDOUT;
            case ERROR -> ExecChannels.STDERR;
          };
      client.getBasicRemote().sendBinary(ExecChannels.message(channel, chunk.get().bytes()));
      exec.active();
      chunk = session.read();
    }
    if (exec.isOver()) {
      return; // it was closed, here or there
    }
    int code = session.exitCode();
    if (exec.exited(code)) {
      end(client, ExecChannels.exited(code), "the command has ended");
    }
  }

  private void fail(Session client, String message, String reason, int code) {
    if (exec.left(message)) {
      end(client, ExecChannels.failed(reason, message, code), message);
    }
  }

  /** The last message, and the end. */
  private static void end(Session client, ByteBuffer status, String reason) {
    try {
      client.getBasicRemote().sendBinary(status);
    } catch (IOException | IllegalStateException e) {
      log.debug("a client does not hear how its command ended: {}", e.getMessage());
    }
    close(client, CloseCodes.NORMAL_CLOSURE, reason);
  }

  private static void close(Session client, CloseReason.CloseCode code, String reason) {
    if (!client.isOpen()) {
      return;
    }
    try {
      client.close(
          new CloseReason(
              code.getCode() == CloseCodes.CLOSED_ABNORMALLY.getCode()
                  ? CloseCodes.GOING_AWAY
                  : code,
              reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason));
    } catch (IOException | IllegalStateException e) {
      log.debug("a client did not hear of the end of its session: {}", e.getMessage());
    }
  }

  /** Sees to the times of the session, and whether the client is there at all. */
  private void watch(Session client) {
    long pause = Math.min(BETWEEN_PINGS.toMillis(), exec.patience().toMillis());
    try {
      while (!over.await(pause, TimeUnit.MILLISECONDS) && client.isOpen()) {
        Optional<String> late = exec.outOfTime();
        if (late.isPresent()) {
          exec.end(late.get());
          return;
        }
        client.getBasicRemote().sendPing(ByteBuffer.allocate(0));
      }
    } catch (IOException | IllegalStateException e) {
      boolean _ = exec.left("the client does not answer");
      close(client, CloseCodes.GOING_AWAY, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onClose(Session client, CloseReason reason) {
    boolean _ = exec.left("the client left");
  }

  @Override
  public void onError(Session client, Throwable failure) {
    log.debug("a client's connection broke: {}", failure.toString());
    boolean _ = exec.left("the client's connection broke");
  }
}
