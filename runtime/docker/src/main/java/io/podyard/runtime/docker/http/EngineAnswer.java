package io.podyard.runtime.docker.http;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** An answer whose body is still to be read. Closing it ends the connection. */
public final class EngineAnswer implements DockerHttpClient.Response {

  private final EngineWire wire;
  private final HttpHead head;
  private final InputStream body;
  private final Future<?> deadline;

  EngineAnswer(EngineWire wire, HttpHead head, InputStream body, Future<?> deadline) {
    this.wire = wire;
    this.head = head;
    this.body = body;
    this.deadline = deadline;
  }

  @Override
  public int getStatusCode() {
    return head.status();
  }

  @Override
  public Map<String, List<String>> getHeaders() {
    return head.headers();
  }

  @Override
  public InputStream getBody() {
    return body;
  }

  /** What goes to the other end of an answer that became a stream in both directions. */
  public OutputStream input() {
    return wire.out();
  }

  /** Tells the other end that nothing more goes to it; what it says can still be read. */
  public void endInput() throws IOException {
    wire.endOutput();
  }

  /** From now on the answer may take as long as it likes, until it is closed. */
  public EngineAnswer withoutDeadline() {
    deadline.cancel(false);
    return this;
  }

  @Override
  public void close() {
    deadline.cancel(false);
    wire.close();
  }
}
