package io.podyard.runtime.docker.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A registry in this process that can be told to misbehave. */
public final class TestRegistry implements AutoCloseable {

  private static final String TOKEN = "the-token";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Stored> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile @Nullable Login login;

  private record Stored(String mediaType, byte[] bytes) {}

  /**
   * @param path with its query
   * @param authorization empty if none was sent
   * @param range empty if none was sent
   */
  public record Asked(String method, String path, String authorization, String range) {}

  /**
   * @param bearer whether a token is to be fetched first
   */
  private record Login(String user, String password, boolean bearer) {}

  private record Fault(String pathPart, Misbehaviour misbehaviour, boolean once) {}

  /** What goes wrong with a request. */
  public sealed interface Misbehaviour {

    record Status(int status, Map<String, String> headers, String body) implements Misbehaviour {}

    /** Hangs up after so many bytes of the body. */
    record CutAfter(int bytes) implements Misbehaviour {}

    /** Sends so many bytes of the body and then nothing more. */
    record StallAfter(int bytes) implements Misbehaviour {}

    /** Sends so many bytes in a second. */
    record Slow(int bytesPerSecond) implements Misbehaviour {}

    /** Sends other bytes than the digest promises. */
    record WrongBytes() implements Misbehaviour {}

    /** Sends everything whatever part is asked for. */
    record NoRanges() implements Misbehaviour {}

    record Redirect(String location) implements Misbehaviour {}

    /** Answers once somebody asks for a path that has the part. */
    record Until(String pathPart) implements Misbehaviour {}

    /** Does not even answer. */
    record Silence() implements Misbehaviour {}
  }

  public TestRegistry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** As it stands in names of images. */
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public TestRegistry put(String repository, String tag, TestImage image) {
    putManifest(repository, tag, image.mediaType(), image.manifest());
    blobs.put(TestImage.digest(image.config()), image.config());
    image.layers().forEach(layer -> blobs.put(TestImage.digest(layer), layer));
    return this;
  }

  public void putManifest(String repository, String tag, String mediaType, byte[] bytes) {
    Stored stored = new Stored(mediaType, bytes);
    manifests.put(repository + ":" + tag, stored);
    manifests.put(repository + ":" + TestImage.digest(bytes), stored);
  }

  public void remove(String repository, String tag) {
    manifests.remove(repository + ":" + tag);
  }

  public void needBasicLogin(String user, String password) {
    login = new Login(user, password, false);
  }

  public void needNoLogin() {
    login = null;
  }

  /** The configuration of an image that was pushed. */
  public String config(String repository, String tag) {
    Stored stored = Objects.requireNonNull(manifests.get(repository + ":" + tag));
    String manifest = new String(stored.bytes(), StandardCharsets.UTF_8);
    String config = manifest.substring(manifest.indexOf("\"config\":"));
    String digest = config.substring(config.indexOf("sha256:")).substring(0, 71);
    return new String(Objects.requireNonNull(blobs.get(digest)), StandardCharsets.UTF_8);
  }

  public void needToken(String user, String password) {
    login = new Login(user, password, true);
  }

  /** The next request whose path has the part goes wrong. */
  public void once(String pathPart, Misbehaviour misbehaviour) {
    faults.add(new Fault(pathPart, misbehaviour, true));
  }

  /** All requests whose path has the part go wrong. */
  public void always(String pathPart, Misbehaviour misbehaviour) {
    faults.add(new Fault(pathPart, misbehaviour, false));
  }

  public void behave() {
    faults.clear();
  }

  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** The requests whose path has the part. */
  public List<Asked> asked(String pathPart) {
    return asked.stream().filter(a -> a.path().contains(pathPart)).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      note(
          new Asked(
              exchange.getRequestMethod(),
              path,
              header(exchange, "Authorization"),
              header(exchange, "Range")));
      Misbehaviour fault = fault(path);
      switch (fault) {
        case Misbehaviour.Status(int status, Map<String, String> headers, String body) -> {
          headers.forEach(exchange.getResponseHeaders()::set);
          answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
        }
        case Misbehaviour.Redirect(String location) -> {
          exchange.getResponseHeaders().set("Location", location);
          answer(exchange, 307, new byte[0]);
        }
        case Misbehaviour.Silence _ -> awaitClose();
        case Misbehaviour.Until(String pathPart) -> {
          awaitAsked(pathPart);
          serve(exchange, path, null);
        }
        case null -> serve(exchange, path, null);
        case Misbehaviour.CutAfter _, Misbehaviour.StallAfter _ -> serve(exchange, path, fault);
        case Misbehaviour.WrongBytes _, Misbehaviour.NoRanges _, Misbehaviour.Slow _ ->
            serve(exchange, path, fault);
      }
    }
  }

  private @Nullable Misbehaviour fault(String path) {
    for (Fault fault : faults) {
      if (path.contains(fault.pathPart()) && (!fault.once() || faults.remove(fault))) {
        return fault.misbehaviour();
      }
    }
    return null;
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private void serve(HttpExchange exchange, String path, @Nullable Misbehaviour fault)
      throws IOException {
    if (path.startsWith("/token")) {
      token(exchange, fault);
    } else if (!loggedIn(exchange)) {
      answer(exchange, 401, error("UNAUTHORIZED", "authentication required"));
    } else if (path.contains("/manifests/") && exchange.getRequestMethod().equals("PUT")) {
      takeManifest(exchange, path);
    } else if (path.contains("/manifests/")) {
      manifest(exchange, path, fault);
    } else if (path.contains("/blobs/uploads/")) {
      upload(exchange, path);
    } else if (path.contains("/blobs/")) {
      blob(exchange, path.substring(path.lastIndexOf('/') + 1), fault);
    } else {
      answer(exchange, 404, error("UNKNOWN", "nothing is here"));
    }
  }

  private boolean loggedIn(HttpExchange exchange) {
    Login needed = login;
    if (needed == null) {
      return true;
    }
    String sent = header(exchange, "Authorization");
    if (needed.bearer()) {
      exchange
          .getResponseHeaders()
          .set("WWW-Authenticate", "Bearer realm=\"http://" + host() + "/token\",service=\"test\"");
      return sent.equals("Bearer " + TOKEN);
    }
    exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"test\"");
    return sent.equals(basic(needed));
  }

  private static String basic(Login login) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString(
                (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8));
  }

  private void token(HttpExchange exchange, @Nullable Misbehaviour fault) throws IOException {
    Login needed = login;
    if (needed != null && !header(exchange, "Authorization").equals(basic(needed))) {
      answer(exchange, 401, error("UNAUTHORIZED", "wrong name or password"));
    } else {
      byte[] token = ("{\"token\":\"" + TOKEN + "\"}").getBytes(StandardCharsets.UTF_8);
      answer(exchange, token, fault);
    }
  }

  private void manifest(HttpExchange exchange, String path, @Nullable Misbehaviour fault)
      throws IOException {
    String repository = path.substring("/v2/".length(), path.indexOf("/manifests/"));
    Stored stored = manifests.get(repository + ":" + path.substring(path.lastIndexOf('/') + 1));
    if (stored == null) {
      answer(exchange, 404, error("MANIFEST_UNKNOWN", "manifest unknown"));
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", stored.mediaType());
    exchange.getResponseHeaders().set("Docker-Content-Digest", TestImage.digest(stored.bytes()));
    answer(exchange, stored.bytes(), fault);
  }

  private void takeManifest(HttpExchange exchange, String path) throws IOException {
    String repository = path.substring("/v2/".length(), path.indexOf("/manifests/"));
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    for (String digest : new String(bytes, StandardCharsets.UTF_8).split("\"digest\":\"", -1)) {
      if (digest.startsWith("sha256:") && !blobs.containsKey(digest.substring(0, 71))) {
        answer(exchange, 400, error("MANIFEST_BLOB_UNKNOWN", "blob unknown to registry"));
        return;
      }
    }
    putManifest(
        repository,
        path.substring(path.lastIndexOf('/') + 1),
        header(exchange, "Content-Type"),
        bytes);
    answer(exchange, 201, new byte[0]);
  }

  /** A place to upload to, and what is uploaded there in one go. */
  private void upload(HttpExchange exchange, String path) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Location", path + "here?state=a%2Fb");
      answer(exchange, 202, new byte[0]);
      return;
    }
    String digest =
        URLDecoder.decode(
            path.substring(path.indexOf("digest=") + "digest=".length()), StandardCharsets.UTF_8);
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    if (!TestImage.digest(bytes).equals(digest)) {
      answer(exchange, 400, error("DIGEST_INVALID", "digest did not match"));
      return;
    }
    blobs.put(digest, bytes);
    answer(exchange, 201, new byte[0]);
  }

  private void blob(HttpExchange exchange, String digest, @Nullable Misbehaviour fault)
      throws IOException {
    byte[] blob = blobs.get(digest);
    if (blob == null) {
      answer(exchange, 404, error("BLOB_UNKNOWN", "blob unknown"));
      return;
    }
    String range = header(exchange, "Range");
    boolean part = !range.isEmpty() && !(fault instanceof Misbehaviour.NoRanges);
    int from = part ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
    byte[] rest = Arrays.copyOfRange(blob, from, blob.length);
    if (part) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (blob.length - 1) + "/" + blob.length);
    }
    if (fault instanceof Misbehaviour.WrongBytes) {
      rest[rest.length / 2] ^= 1;
    }
    switch (fault) {
      case Misbehaviour.CutAfter(int bytes) -> {
        exchange.sendResponseHeaders(part ? 206 : 200, rest.length);
        exchange.getResponseBody().write(rest, 0, Math.min(bytes, rest.length));
        exchange.getResponseBody().flush();
      }
      case Misbehaviour.StallAfter(int bytes) -> {
        exchange.sendResponseHeaders(part ? 206 : 200, rest.length);
        exchange.getResponseBody().write(rest, 0, Math.min(bytes, rest.length));
        exchange.getResponseBody().flush();
        awaitClose();
      }
      case Misbehaviour.Slow(int bytesPerSecond) -> {
        exchange.sendResponseHeaders(part ? 206 : 200, rest.length);
        slowly(exchange, rest, bytesPerSecond);
      }
      case null, default -> answer(exchange, part ? 206 : 200, rest);
    }
  }

  private void slowly(HttpExchange exchange, byte[] bytes, int bytesPerSecond) throws IOException {
    int step = Math.max(1, bytesPerSecond / 20);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int at = 0; at < bytes.length; at += step) {
        out.write(bytes, at, Math.min(step, bytes.length - at));
        out.flush();
        if (closed.await(step * 1000L / bytesPerSecond, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(Asked question) {
    synchronized (asked) {
      asked.add(question);
      asked.notifyAll();
    }
  }

  private void awaitAsked(String pathPart) {
    synchronized (asked) {
      try {
        while (asked(pathPart).isEmpty() && closed.getCount() > 0) {
          asked.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] error(String code, String message) {
    return "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}"
        .formatted(code, message)
        .getBytes(StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange, byte[] body, @Nullable Misbehaviour fault)
      throws IOException {
    if (fault instanceof Misbehaviour.Slow(int bytesPerSecond)
        && exchange.getRequestMethod().equals("GET")) {
      exchange.sendResponseHeaders(200, body.length);
      slowly(exchange, body, bytesPerSecond);
    } else {
      answer(exchange, 200, body);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
    }
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    synchronized (asked) {
      asked.notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
