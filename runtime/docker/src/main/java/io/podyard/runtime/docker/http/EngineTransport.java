package io.podyard.runtime.docker.http;

import com.github.dockerjava.transport.DockerHttpClient;
import io.podyard.runtime.Fence;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends requests to one engine, each over a connection of its own: an engine that was restarted is
 * never spoken to over a dead connection, and a request is never repeated behind the caller's back.
 */
public final class EngineTransport implements DockerHttpClient {

  private final EngineAddress address;
  private final ScheduledThreadPoolExecutor deadlines;

  public EngineTransport(EngineAddress address) {
    this.address = address;
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("podyard-engine-deadlines").factory());
    deadlines.setRemoveOnCancelPolicy(true);
  }

  public EngineAddress address() {
    return address;
  }

  /** For docker-java's commands, which run inside {@link CallScope#call}. */
  @Override
  public Response execute(Request request) {
    CallScope scope =
        CallScope.CURRENT.orElseThrow(
            () -> new IllegalStateException("a call to an engine needs a scope"));
    InputStream body = request.body();
    return send(
        new EngineRequest(
            request.method(),
            request.path(),
            request.headers(),
            request.bodyBytes(),
            body == null ? null : body::transferTo),
        scope);
  }

  /**
   * Sends a request and reads the head of the answer.
   *
   * @throws EngineIoException if the engine cannot be reached or does not answer in time
   * @throws FenceStaleInCall if the right to change something is gone; nothing was sent then
   */
  public EngineAnswer send(EngineRequest request, CallScope scope) {
    AtomicBoolean late = new AtomicBoolean();
    try {
      EngineWire wire = EngineWire.unconnected(address);
      Future<?> deadline = null;
      try {
        deadline =
            deadlines.schedule(
                () -> {
                  late.set(true);
                  wire.abort();
                },
                scope.timeout().toNanos(),
                TimeUnit.NANOSECONDS);
        return exchange(request, scope, wire, deadline);
      } catch (IOException | RuntimeException e) {
        if (deadline != null) {
          deadline.cancel(false);
        }
        wire.close();
        throw e;
      }
    } catch (IOException e) {
      String trouble =
          late.get()
              ? "no answer within " + scope.timeout().toMillis() + " ms"
              : String.valueOf(e.getMessage());
      throw new EngineIoException("engine " + address + ": " + trouble, e);
    }
  }

  private EngineAnswer exchange(
      EngineRequest request, CallScope scope, EngineWire wire, Future<?> deadline)
      throws IOException {
    wire.connect(address);
    Fence fence = scope.fence();
    if (fence != null) {
      try {
        fence.check();
      } catch (StaleFenceException e) {
        throw new FenceStaleInCall(e);
      }
    }
    request.writeHead(wire.out());
    HttpHead head;
    try {
      request.writeBody(wire.out());
      head = HttpHead.read(wire.in());
    } catch (ChunkedOutput.WireException e) {
      // An engine that refuses a large body says so and hangs up before it has read all of it.
      head = early(wire, e);
    }
    return new EngineAnswer(wire, head, head.body(wire.in(), request.method()), deadline);
  }

  private static HttpHead early(EngineWire wire, IOException trouble) throws IOException {
    try {
      return HttpHead.read(wire.in());
    } catch (IOException e) {
      trouble.addSuppressed(e);
      throw trouble;
    }
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
  }
}
