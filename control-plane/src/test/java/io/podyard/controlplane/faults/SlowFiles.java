package io.podyard.controlplane.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Files of a web server that takes its time: each comes in about a second. */
final class SlowFiles implements AutoCloseable {

  private static final int PARTS = 10;
  private static final int PART_BYTES = 100_000;
  private static final Duration BETWEEN_PARTS = Duration.ofMillis(100);

  private final long seed;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private SlowFiles(long seed, HttpServer server) {
    this.seed = seed;
    this.server = server;
  }

  /**
   * @param seed of what is in them
   */
  static SlowFiles serve(long seed) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      SlowFiles files = new SlowFiles(seed, server);
      server.setExecutor(files.threads);
      server.createContext("/", files::answer);
      server.start();
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Random random = new Random(seed + exchange.getRequestURI().getPath().hashCode());
    byte[] part = new byte[PART_BYTES];
    try (exchange) {
      exchange.sendResponseHeaders(200, (long) PARTS * PART_BYTES);
      OutputStream out = exchange.getResponseBody();
      for (int i = 0; i < PARTS; i++) {
        random.nextBytes(part);
        out.write(part);
        out.flush();
        Waiting.during(BETWEEN_PARTS, () -> true);
      }
    }
  }

  /** What the file of a revision is called. */
  static String name(int revision) {
    return "file-" + revision;
  }

  /** Where the file of a revision of a cache is. */
  String url(int cache, int revision) {
    return "http://127.0.0.1:%d/%d/%s"
        .formatted(server.getAddress().getPort(), cache, name(revision));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
