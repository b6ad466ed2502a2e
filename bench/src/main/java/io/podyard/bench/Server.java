package io.podyard.bench;

import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server as anybody starts it, by {@code ./podyard server}, on a data folder and a port of its
 * own.
 */
public final class Server implements AutoCloseable {

  private static final String KEY = "benchmark";
  private static final String SECRET = "a-secret-of-the-benchmark";

  /** Of quotas: what is measured is kept, but never in the way. */
  private static final String NO_LIMIT = "1000000000";

  /** The script may have to build everything first. */
  private static final Duration LONGEST_START = Duration.ofMinutes(15);

  private static final Duration LONGEST_STOP = Duration.ofSeconds(40);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
  private static final int ANSWER_MILLIS = 5_000;
  private static final int WORDS_KEPT = 3_000;

  private final Process process;
  private final Path data;
  private final Path log;
  private final int port;
  private final boolean foundHosts;
  private final Thread atExit = new Thread(this::end);

  private Server(Process process, Path data, Path log, int port, boolean foundHosts) {
    this.foundHosts = foundHosts;
    this.process = process;
    this.data = data;
    this.log = log;
    this.port = port;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts a server; returns at once.
   *
   * @param data its data folder
   * @param settings environment variables; what the environment says of Podyard otherwise does not
   *     reach it, but for the options of Java
   */
  public static Server launch(Path data, Map<String, String> settings) {
    try {
      Files.createDirectories(data);
      int port = freePort();
      Path log = data.resolve("bench-server.log");
      Map<String, String> own = new HashMap<>(settings);
      own.put("PODYARD_DATA_DIR", data.toString());
      own.put("PODYARD_ACCESS_KEY_ID", KEY);
      own.put("PODYARD_ACCESS_KEY_SECRET", SECRET);
      own.put("PODYARD_QUOTAS_MAXCPU", NO_LIMIT);
      own.put("PODYARD_QUOTAS_MAXCONTAINERGROUP", NO_LIMIT);
      own.put("SERVER_PORT", Integer.toString(port));
      boolean foundHosts = namedBy(hosts(data), data).isPresent();
      return new Server(script(log, own, "server"), data, log, port, foundHosts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, and waits until it is ready. */
  public static Server start(Path data, Map<String, String> settings) {
    Server server = launch(data, settings);
    boolean ready = false;
    try {
      server.awaitReady();
      ready = true;
      return server;
    } finally {
      if (!ready) {
        server.close();
      }
    }
  }

  /** Runs the {@code podyard} script, which gives its place to Java. */
  static Process script(Path log, Map<String, String> settings, String... arguments)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(Settings.root().resolve("podyard").toString());
    builder.command().addAll(List.of(arguments));
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                name.startsWith("SPRING_")
                    || name.equals("SERVER_PORT")
                    || (name.startsWith("PODYARD_") && !name.startsWith("PODYARD_JAVA_")));
    builder.environment().putAll(settings);
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Waits until the readiness address answers 200.
   *
   * @throws IllegalStateException with the server's last words if it ends instead
   */
  public void awaitReady() {
    Waiting.until(
        "the start of the server",
        LONGEST_START,
        BETWEEN_LOOKS,
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException(
                "the server ended with " + process.exitValue() + ":\n" + lastWords(log));
          }
          return isReady();
        });
  }

  private boolean isReady() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket
          .getOutputStream()
          .write(
              ("GET /actuator/health/readiness HTTP/1.1\r\nHost: 127.0.0.1:"
                      + port
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return answer.endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }

  static String lastWords(Path log) {
    try {
      String all = Files.exists(log) ? Files.readString(log).strip() : "";
      return all.substring(Math.max(0, all.length() - WORDS_KEPT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process of the server itself. */
  public long pid() {
    return process.pid();
  }

  public Path data() {
    return data;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public Database database() {
    return Database.of(data);
  }

  /** A new client of the first account, which is the operator's. */
  public PodyardClient client() {
    return new PodyardClient(endpoint(), KEY, SECRET, SignatureVersion.V1);
  }

  /** Creates that are signed with the same account's key. */
  SignedRequests signedRequests() {
    return new SignedRequests(endpoint(), KEY, SECRET);
  }

  /** The same account's login for HTTP Basic: id and secret with a colon between. */
  public String login() {
    return KEY + ":" + SECRET;
  }

  /** A request of the same account through the REST door. */
  public HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create(endpoint() + path))
        .header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(login().getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  /** Stops it, its PostgreSQL and its simulated hosts if it started some; the data stays. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
  }

  private void end() {
    process.destroy();
    if (!Waiting.forEnd(process.toHandle(), LONGEST_STOP)) {
      process.destroyForcibly();
    }
    if (!foundHosts) {
      namedBy(hosts(data), data).ifPresent(Server::end);
    }
    namedBy(data.resolve("postgres/data/postmaster.pid"), data).ifPresent(Server::end);
  }

  private static void end(ProcessHandle other) {
    boolean _ = other.destroy();
    boolean _ = Waiting.forEnd(other, LONGEST_STOP);
  }

  /** The file in which the process of simulated hosts names itself. */
  private static Path hosts(Path data) {
    return data.resolve("simulated-hosts.sock.lock");
  }

  /**
   * The process that a file names in its first line, if it is still one of this data folder: by now
   * the number may be another's.
   */
  private static Optional<ProcessHandle> namedBy(Path file, Path data) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      return Files.readAllLines(file).stream()
          .findFirst()
          .map(String::strip)
          .filter(line -> line.matches("[1-9][0-9]{0,8}"))
          .flatMap(line -> ProcessHandle.of(Long.parseLong(line)))
          .filter(other -> other.info().commandLine().orElse("").contains(data.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
