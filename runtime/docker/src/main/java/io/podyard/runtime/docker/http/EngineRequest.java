package io.podyard.runtime.docker.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param path with its query, percent-encoded
 * @param bytes a body whose size is known, or null
 * @param writer of a body of unknown size, or null
 */
public record EngineRequest(
    String method,
    String path,
    Map<String, String> headers,
    byte @Nullable [] bytes,
    @Nullable BodyWriter writer) {

  private static final String UPGRADE = "Upgrade";

  /** Writes a body while it is being sent. */
  @FunctionalInterface
  public interface BodyWriter {
    void write(OutputStream out) throws IOException;
  }

  public static EngineRequest get(String path) {
    return new EngineRequest("GET", path, Map.of(), null, null);
  }

  public static EngineRequest post(String path, byte[] json) {
    return new EngineRequest("POST", path, Map.of("Content-Type", "application/json"), json, null);
  }

  /** A request after whose answer both ends send whatever they like. */
  public static EngineRequest upgrade(String path, byte[] json) {
    return new EngineRequest(
        "POST", path, Map.of("Content-Type", "application/json", UPGRADE, "tcp"), json, null);
  }

  /** A tar archive of unknown size. */
  public static EngineRequest tar(String method, String path, BodyWriter archive) {
    return new EngineRequest(
        method, path, Map.of("Content-Type", "application/x-tar"), null, archive);
  }

  void writeHead(OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    String connection = headers.containsKey(UPGRADE) ? UPGRADE : "close";
    head.append("Host: engine\r\nConnection: ").append(connection);
    head.append("\r\nUser-Agent: podyard\r\n");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      String line = header.getKey() + ": " + header.getValue();
      if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
        throw new IOException("a header may not have several lines: " + header.getKey());
      }
      head.append(line).append("\r\n");
    }
    if (bytes != null) {
      head.append("Content-Length: ").append(bytes.length).append("\r\n");
    } else if (writer != null) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (!method.equals("GET") && !method.equals("HEAD")) {
      head.append("Content-Length: 0\r\n");
    }
    head.append("\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * @throws ChunkedOutput.WireException if the engine does not take it; any other exception means
   *     that what is to be sent cannot be had
   */
  void writeBody(OutputStream out) throws IOException {
    if (bytes != null) {
      out.write(bytes);
    } else if (writer != null) {
      ChunkedOutput chunks = new ChunkedOutput(out);
      writer.write(chunks);
      chunks.end();
    }
    out.flush();
  }
}
