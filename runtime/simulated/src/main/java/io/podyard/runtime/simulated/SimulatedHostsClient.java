package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.ContainerEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the process of the simulated hosts, for all hosts and any number of threads. It
 * connects and reconnects by itself; while nobody is there to connect to, calls fail at once. All
 * that are made while it connects wait for the same answer, and no longer than for that of a call.
 */
public final class SimulatedHostsClient implements AutoCloseable {

  /** After that long a call is given up. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  private static final long RECONNECT_MILLIS = 250;

  /** An attempt to connect, begun at a time of {@code nanoTime}. */
  private record Opening(CompletableFuture<HostsConnection> result, long begun) {}

  private record WatchKey(InstallationId installation, HostId host) {}

  private final Path socket;
  private final Duration timeout;
  private final Map<WatchKey, List<Consumer<ContainerGroupId>>> watches = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor reconnect;
  private @Nullable HostsConnection connection;
  private @Nullable Opening opening;
  private boolean closed;

  public SimulatedHostsClient(Path socket) {
    this(socket, DEFAULT_TIMEOUT);
  }

  /** Nothing is done until the first call or watch, so the process need not be there yet. */
  public SimulatedHostsClient(Path socket, Duration timeout) {
    this.socket = socket;
    this.timeout = timeout;
    reconnect =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("simulated-reconnect").unstarted(task));
    ScheduledFuture<?> _ =
        reconnect.scheduleWithFixedDelay(
            this::keepWatching, RECONNECT_MILLIS, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The engine of a host; calls to a host that does not exist fail as unavailable. */
  public ContainerEngine engine(HostId host) {
    return new RemoteEngine(this, host);
  }

  /** All hosts, in the order of their ids. */
  public Map<HostId, HostReport> hosts() throws RuntimeUnavailableException {
    Map<HostId, HostReport> hosts = new LinkedHashMap<>();
    List<Reply.Host> found = call(new Call.Hosts()).hosts();
    for (Reply.Host host : found == null ? List.<Reply.Host>of() : found) {
      hosts.put(new HostId(host.host()), report(host));
    }
    return hosts;
  }

  /**
   * Of each host that answers a number that is another one whenever something may have changed of
   * what it has.
   *
   * @return empty if the process is of a release that does not tell
   */
  public Optional<Map<HostId, Long>> revisions() throws RuntimeUnavailableException {
    if (connection().version() < Call.REVISIONS) {
      return Optional.empty();
    }
    String lines = Objects.requireNonNull(call(new Call.Revisions()).text());
    Map<HostId, Long> revisions = new HashMap<>();
    lines
        .lines()
        .forEach(
            line -> {
              int blank = line.indexOf(' ');
              revisions.put(
                  new HostId(line.substring(0, blank)),
                  Long.parseLong(line, blank + 1, line.length(), 10));
            });
    return Optional.of(revisions);
  }

  static HostReport report(Reply.Host host) {
    return new HostReport(
        host.engine(),
        Size.of(host.milliCpu(), host.memoryMib()),
        host.architecture(),
        host.gpus() == null ? 0 : host.gpus(),
        host.gpuModel() == null ? "" : host.gpuModel());
  }

  /** Sees to it that there are at least that many hosts; those there keep their size. */
  public void ensureHosts(int count, Size size) throws RuntimeUnavailableException {
    Reply _ = call(new Call.EnsureHosts(count, size.cpu().value(), size.memory().value()));
  }

  /** Replaces the fault plan, for all clients. */
  public void configure(FaultPlan plan) throws RuntimeUnavailableException {
    Reply _ = call(new Call.Configure(plan));
  }

  /**
   * Makes a call and waits for its answer.
   *
   * @throws CallFailedException if the process answers with a failure of another kind
   */
  Reply call(Call call) throws RuntimeUnavailableException {
    Reply reply = connection().call(call, timeout);
    Reply.Failure failure = reply.failure();
    if (failure == null) {
      return reply;
    }
    if (failure.kind() == Reply.Kind.UNAVAILABLE) {
      throw failure.reason().isEmpty()
          ? new RuntimeUnavailableException(failure.message())
          : RuntimeUnavailableException.lacking(failure.reason(), failure.message());
    }
    throw new CallFailedException(failure);
  }

  /** Whether the process is of a release that knew neither checks nor updates nor messages. */
  boolean isOfFirstVersion() throws RuntimeUnavailableException {
    return connection().version() < Call.CHECKS;
  }

  /** Whether the process tells what groups use. */
  boolean knowsStatistics() throws RuntimeUnavailableException {
    return connection().version() >= Call.STATISTICS;
  }

  /** Whether the process keeps disks. */
  boolean keepsDisks() throws RuntimeUnavailableException {
    return connection().version() >= Call.DISKS;
  }

  /** Whether the process gives a sandbox the address it is to have. */
  boolean givesAddresses() throws RuntimeUnavailableException {
    return connection().version() >= Call.ADDRESSES;
  }

  /** Whether the containers of the process see GPUs. */
  boolean showsGpus() throws RuntimeUnavailableException {
    return connection().version() >= Call.GPUS;
  }

  /** Whether the process keeps images for caches. */
  boolean keepsCopies() throws RuntimeUnavailableException {
    return connection().version() >= Call.COPIES;
  }

  /** Whether the process keeps the content of data caches. */
  boolean keepsData() throws RuntimeUnavailableException {
    return connection().version() >= Call.DATA;
  }

  /** Whether the process makes images of containers. */
  boolean makesImages() throws RuntimeUnavailableException {
    return connection().version() >= Call.COMMITS;
  }

  /** Whether the process hands out core dumps. */
  boolean dumpsCores() throws RuntimeUnavailableException {
    return connection().version() >= Call.CORE_DUMPS;
  }

  /** Whether the process captures packets. */
  boolean capturesPackets() throws RuntimeUnavailableException {
    return connection().version() >= Call.CAPTURES;
  }

  /**
   * Opens a connection of its own for a talk.
   *
   * @throws CallFailedException if the process answers with a failure of another kind
   */
  TalkConnection talk(Call.Talk call) throws RuntimeUnavailableException {
    if (connection().version() < Call.TALKS) {
      throw new RuntimeUnavailableException(
          "the process of the simulated hosts is of an earlier release; end it to have a new one");
    }
    return TalkConnection.open(socket, call, timeout, reconnect);
  }

  /** Sends a call nobody waits for; it may be lost. */
  void tell(Call call) {
    try {
      connection().tell(call);
    } catch (RuntimeUnavailableException e) {
      // What only saves memory over there may be lost.
    }
  }

  AutoCloseable watch(
      InstallationId installation, HostId host, Consumer<ContainerGroupId> changed) {
    WatchKey key = new WatchKey(installation, host);
    watches.computeIfAbsent(key, _ -> new CopyOnWriteArrayList<>()).add(changed);
    try {
      connection().watch(installation);
    } catch (RuntimeUnavailableException e) {
      // The next connection asks for all watched installations.
    }
    return () ->
        watches.computeIfPresent(
            key,
            (_, all) -> {
              all.remove(changed);
              return all.isEmpty() ? null : all;
            });
  }

  private void changed(Reply.Changed news) {
    WatchKey key = new WatchKey(new InstallationId(news.installation()), new HostId(news.host()));
    ContainerGroupId group = new ContainerGroupId(news.group());
    watches.getOrDefault(key, List.of()).forEach(w -> w.accept(group));
  }

  private HostsConnection connection() throws RuntimeUnavailableException {
    Opening attempt;
    synchronized (this) {
      requireOpen();
      HostsConnection here = connection;
      if (here != null && here.isOpen()) {
        return here;
      }
      attempt = opening;
      if (attempt == null) {
        attempt = begin();
      }
    }
    return await(attempt);
  }

  private void requireOpen() throws RuntimeUnavailableException {
    if (closed) {
      throw new RuntimeUnavailableException("the client of the simulated hosts is closed");
    }
  }

  /** On a thread of its own, so that a caller that is interrupted takes it from nobody else. */
  private Opening begin() {
    Opening begun = new Opening(new CompletableFuture<>(), System.nanoTime());
    Thread _ = Thread.ofVirtual().name("simulated-connect").start(() -> open(begun.result()));
    opening = begun;
    return begun;
  }

  private void open(CompletableFuture<HostsConnection> result) {
    try {
      HostsConnection fresh = HostsConnection.open(socket, this::changed, timeout);
      use(fresh);
      for (WatchKey key : watches.keySet()) {
        fresh.watch(key.installation());
      }
      over();
      boolean _ = result.complete(fresh);
    } catch (Throwable failure) {
      over();
      boolean _ = result.completeExceptionally(failure);
    }
  }

  private synchronized void use(HostsConnection fresh) throws RuntimeUnavailableException {
    if (closed) {
      fresh.close();
    }
    requireOpen();
    connection = fresh;
  }

  private synchronized void over() {
    opening = null;
  }

  private HostsConnection await(Opening attempt) throws RuntimeUnavailableException {
    long left = attempt.begun() + timeout.toNanos() - System.nanoTime();
    try {
      return attempt.result().get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RuntimeUnavailableException(
          "the simulated hosts did not answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new RuntimeUnavailableException(
          String.valueOf(cause == null ? e.getMessage() : cause.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeUnavailableException("interrupted while waiting for simulated hosts", e);
    }
  }

  /** Without calls nobody would notice that the news stopped. */
  private void keepWatching() {
    if (!watches.isEmpty()) {
      try {
        HostsConnection _ = connection();
      } catch (RuntimeUnavailableException e) {
        // Tried again soon.
      }
    }
  }

  @Override
  public void close() {
    reconnect.shutdownNow();
    synchronized (this) {
      closed = true;
      if (connection != null) {
        connection.close();
      }
    }
  }
}
