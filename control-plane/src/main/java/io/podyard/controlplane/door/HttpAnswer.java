package io.podyard.controlplane.door;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP answer.
 *
 * @param headers without Content-Length
 * @param body sent as UTF-8; empty where there is a stream
 * @param stream what is sent for as long as it goes on, null where there is a body
 */
public record HttpAnswer(
    int status, Map<String, String> headers, String body, @Nullable Stream stream) {

  /** A body that is written while the client reads it. */
  public interface Stream extends AutoCloseable {

    /** Writes until all is said. */
    void writeTo(OutputStream out) throws IOException;

    @Override
    void close();
  }

  public HttpAnswer(int status, Map<String, String> headers, String body) {
    this(status, headers, body, null);
  }
}
