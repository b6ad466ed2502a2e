package io.podyard.runtime.simulated;

import io.podyard.model.InstallationId;
import io.podyard.runtime.RuntimeUnavailableException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/** One connection to the process: many calls at once, told apart by their numbers. */
final class HostsConnection implements AutoCloseable {

  private final Consumer<Reply.Changed> changed;
  private final Map<Long, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
  private final Set<InstallationId> watched = ConcurrentHashMap.newKeySet();
  private final AtomicLong last = new AtomicLong();
  private final Peer peer;
  private volatile int version = 1;

  private HostsConnection(SocketChannel channel, Consumer<Reply.Changed> changed) {
    this.changed = changed;
    peer = new Peer(channel, this::received, this::over);
  }

  /**
   * Connects and finds out what the process speaks. One of the first version ends the connection
   * when it is asked; then it is spoken to as it likes.
   *
   * @param timeout for the answer
   */
  static HostsConnection open(Path socket, Consumer<Reply.Changed> changed, Duration timeout)
      throws RuntimeUnavailableException {
    HostsConnection connection = connect(socket, changed);
    try {
      String spoken = connection.call(new Call.Hello(Call.VERSION), timeout).text();
      connection.version = spoken == null ? 1 : Integer.parseInt(spoken);
      return connection;
    } catch (RuntimeUnavailableException e) {
      if (connection.isOpen()) {
        connection.close();
        throw e;
      }
      return connect(socket, changed);
    }
  }

  private static HostsConnection connect(Path socket, Consumer<Reply.Changed> changed)
      throws RuntimeUnavailableException {
    try {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      HostsConnection connection = new HostsConnection(channel, changed);
      connection.peer.start("simulated-hosts");
      return connection;
    } catch (IOException e) {
      throw new RuntimeUnavailableException("no simulated hosts answer at " + socket, e);
    }
  }

  /** What the other end speaks; see {@link Call#VERSION}. */
  int version() {
    return version;
  }

  boolean isOpen() {
    return peer.isOpen();
  }

  Reply call(Call call, Duration timeout) throws RuntimeUnavailableException {
    long id = last.incrementAndGet();
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    try {
      send(id, call);
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RuntimeUnavailableException(
          "the simulated hosts did not answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new RuntimeUnavailableException("the connection to the simulated hosts broke", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeUnavailableException("interrupted while waiting for simulated hosts", e);
    } finally {
      waiting.remove(id);
    }
  }

  void tell(Call call) throws RuntimeUnavailableException {
    send(last.incrementAndGet(), call);
  }

  void watch(InstallationId installation) throws RuntimeUnavailableException {
    if (watched.add(installation)) {
      tell(new Call.Watch(installation.value()));
    }
  }

  private void send(long id, Call call) throws RuntimeUnavailableException {
    if (!peer.send(WireJson.MAPPER.writeValueAsBytes(new Reply.Request(id, call)))) {
      throw new RuntimeUnavailableException("the connection to the simulated hosts is closed");
    }
  }

  private void received(byte[] frame) {
    Reply reply;
    try {
      reply = WireJson.TOLERANT.readValue(frame, Reply.class);
    } catch (JacksonException e) {
      peer.close(); // not a process we understand
      return;
    }
    Reply.Changed news = reply.changed();
    if (news != null) {
      changed.accept(news);
      return;
    }
    CompletableFuture<Reply> answer = waiting.remove(reply.id());
    if (answer != null) {
      answer.complete(reply);
    }
  }

  private void over() {
    IOException gone = new IOException("connection closed");
    waiting.values().forEach(answer -> answer.completeExceptionally(gone));
  }

  @Override
  public void close() {
    peer.close();
  }
}
