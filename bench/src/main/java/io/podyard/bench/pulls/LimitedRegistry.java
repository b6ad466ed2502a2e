package io.podyard.bench.pulls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registry of images, on 127.0.0.1 without TLS, that sends at most so many bytes a second to all
 * who ask together, and counts what it sends.
 */
final class LimitedRegistry implements AutoCloseable {

  private static final int PIECE = 1 << 14;
  private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/(.+)");
  private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/(sha256:[0-9a-f]{64})");
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,9})-([0-9]{0,9})");

  /** What was asked for and sent, since the registry began. */
  record Sent(long requests, long bytes) {
    Sent since(Sent before) {
      return new Sent(requests - before.requests, bytes - before.bytes);
    }
  }

  private final HttpServer server;
  private final long bytesPerSecond;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, MadeImage> images = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> sentOfBlobs = new ConcurrentHashMap<>();
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private long nextPieceAt = System.nanoTime();

  private LimitedRegistry(HttpServer server, long bytesPerSecond) {
    this.server = server;
    this.bytesPerSecond = bytesPerSecond;
  }

  static LimitedRegistry start(long bytesPerSecond) {
    try {
      LimitedRegistry registry =
          new LimitedRegistry(
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
              bytesPerSecond);
      registry.server.setExecutor(registry.threads);
      registry.server.createContext("/", registry::answer);
      registry.server.start();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As names of images begin. */
  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers the whole name of the image, which is there from now on. */
  String add(MadeImage image) {
    images.put(image.repository(), image);
    return host() + "/" + image.repository() + ":" + MadeImage.TAG;
  }

  void remove(MadeImage image) {
    images.remove(image.repository());
    image.blobs().keySet().forEach(sentOfBlobs::remove);
  }

  Sent sent() {
    return new Sent(requests.sum(), bytes.sum());
  }

  /** How often the blob of an image was sent that was sent most often, in whole lengths of it. */
  double mostReads(MadeImage image) {
    return image.blobs().entrySet().stream()
        .mapToDouble(blob -> (double) sentOf(blob.getKey()).sum() / blob.getValue().length)
        .max()
        .orElse(0);
  }

  private LongAdder sentOf(String digest) {
    return sentOfBlobs.computeIfAbsent(digest, _ -> new LongAdder());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.increment();
      String path = exchange.getRequestURI().getPath();
      Matcher manifest = MANIFEST.matcher(path);
      Matcher blob = BLOB.matcher(path);
      if (path.equals("/v2/")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (manifest.matches()) {
        answerManifest(exchange, images.get(manifest.group(1)), manifest.group(2));
      } else if (blob.matches()) {
        answerBlob(exchange, images.get(blob.group(1)), blob.group(2));
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private void answerManifest(HttpExchange exchange, @Nullable MadeImage image, String reference)
      throws IOException {
    String digest = image == null ? "" : Sha256.of(image.manifest());
    if (image == null || !(reference.equals(MadeImage.TAG) || reference.equals(digest))) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", MadeImage.MANIFEST_TYPE);
    exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
    send(exchange, 200, image.manifest(), 0, image.manifest().length, new LongAdder());
  }

  private void answerBlob(HttpExchange exchange, @Nullable MadeImage image, String digest)
      throws IOException {
    byte[] blob = image == null ? null : image.blobs().get(digest);
    if (blob == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    String asked = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(asked == null ? "" : asked);
    if (!range.matches()) {
      send(exchange, 200, blob, 0, blob.length, sentOf(digest));
      return;
    }
    int from = Integer.parseInt(range.group(1));
    int to =
        range.group(2).isEmpty()
            ? blob.length
            : Math.min(blob.length, Integer.parseInt(range.group(2)) + 1);
    if (from >= to) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, blob.length));
    send(exchange, 206, blob, from, to, sentOf(digest));
  }

  private void send(
      HttpExchange exchange, int status, byte[] body, int from, int to, LongAdder counter)
      throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(to - from));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, to - from);
    OutputStream out = exchange.getResponseBody();
    for (int at = from; at < to; at += PIECE) {
      int length = Math.min(PIECE, to - at);
      awaitTurn(length);
      out.write(body, at, length);
      bytes.add(length);
      counter.add(length);
    }
  }

  /** Waits until so many bytes may go. What was not used of the rate before is lost. */
  private void awaitTurn(int length) {
    long turn;
    synchronized (this) {
      turn = Math.max(nextPieceAt, System.nanoTime());
      nextPieceAt = turn + length * 1_000_000_000L / bytesPerSecond;
    }
    for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
