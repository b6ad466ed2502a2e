package io.podyard.runtime.docker.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.podyard.runtime.DataSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Files on this machine: as objects of the bucket {@code files}, and by their addresses. */
public final class ServedFiles implements AutoCloseable {

  private static final String BUCKET = "/files/";

  private final HttpServer server;
  private final Map<String, String> files = new ConcurrentSkipListMap<>();
  private final AtomicInteger read = new AtomicInteger();

  public ServedFiles() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 20);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::serve);
    server.start();
  }

  public void put(String name, String content) {
    files.put(name, content);
  }

  /** How many files were read. */
  public int reads() {
    return read.get();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query = exchange.getRequestURI().getQuery();
      String name = path.startsWith(BUCKET) ? path.substring(BUCKET.length()) : "";
      String body = name.isEmpty() && query != null ? list(query) : files.get(name);
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      if (!name.isEmpty()) {
        read.incrementAndGet();
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  private String list(String query) {
    String prefix = query.contains("prefix=") ? query.replaceAll(".*prefix=([^&]*).*", "$1") : "";
    StringBuilder list = new StringBuilder("<ListBucketResult>");
    new TreeMap<>(files)
        .forEach(
            (name, content) -> {
              if (name.startsWith(prefix)) {
                list.append("<Contents><Key>").append(name).append("</Key><Size>");
                list.append(content.getBytes(StandardCharsets.UTF_8).length);
                list.append("</Size></Contents>");
              }
            });
    return list.append("</ListBucketResult>").toString();
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** All files whose names begin with a folder. */
  public DataSource.Bucket folder(String path) {
    return new DataSource.Bucket(address(""), "files", path, null, "us-east-1", true);
  }

  public DataSource.Web file(String name) {
    return new DataSource.Web(address(BUCKET + name));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
