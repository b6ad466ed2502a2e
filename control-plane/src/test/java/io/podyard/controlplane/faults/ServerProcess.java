package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.PodyardApplication;
import io.podyard.controlplane.postgres.DatabaseAccess;
import io.podyard.controlplane.postgres.LocalPostgres;
import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A real server in a JVM of its own, with a data folder and a port that stay the same however often
 * it is killed and started again. Unless its environment says otherwise it brings up an embedded
 * PostgreSQL and a process of simulated hosts; closing ends all three.
 */
final class ServerProcess implements AutoCloseable {

  static final String ACCESS_KEY = "testAk";
  static final String SECRET = "testSecretKey123";

  /** Busy cores make a start take many times as long as usual. */
  private static final Duration LONGEST_START = Duration.ofMinutes(3);

  private static final int KILLED = 137;

  /** Below the ports that the system gives to connections, which could take one meanwhile. */
  private static final int FIRST_PORT = 20_000;

  private static final int PORTS = 10_000;

  /** Ports of servers that may not have been started yet, and so look free. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final int port;
  private final Map<String, String> environment;
  private final PodyardClient client;
  private @Nullable Process process;

  private ServerProcess(Path folder, int port, Map<String, String> environment) {
    this.folder = folder;
    this.port = port;
    this.environment = environment;
    this.client = client(Duration.ofSeconds(30));
  }

  /**
   * A server that is not started yet, in an empty folder.
   *
   * @param name of the folder below {@code target/faults}; short, for the path of a socket is
   * @param environment what it is told beyond its folder, port and key
   */
  static ServerProcess in(String name, Map<String, String> environment) throws Exception {
    Path folder = Path.of("target", "faults", name).toAbsolutePath();
    ServerProcess server = new ServerProcess(folder, freePort(), Map.copyOf(environment));
    // What a test run that was itself killed left behind.
    server.endBackground();
    FileSystemUtils.deleteRecursively(folder);
    Files.createDirectories(folder);
    Runtime.getRuntime().addShutdownHook(new Thread(server::endProcess));
    return server;
  }

  private static int freePort() throws IOException {
    int start = (int) (ProcessHandle.current().pid() * 37 % PORTS);
    for (int i = 0; i < PORTS; i++) {
      int port = FIRST_PORT + (start + i * 7) % PORTS;
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (GIVEN.add(port)) {
          return port;
        }
      } catch (IOException taken) {
        continue;
      }
    }
    throw new IOException("no port is free");
  }

  /** Starts it and waits until it answers. */
  ServerProcess start() throws Exception {
    return start(Map.of());
  }

  /** The same, with something in its environment for this one run. */
  ServerProcess start(Map<String, String> once) throws Exception {
    launch(once);
    awaitReady();
    return this;
  }

  /** Starts it and does not wait. */
  void launch(Map<String, String> once) throws Exception {
    launch(FastStart.java(), once);
  }

  /** The same with a Java of the caller's. */
  void launch(List<String> java, Map<String, String> once) throws IOException {
    assertThat(isAlive()).as("runs already").isFalse();
    ProcessBuilder builder = command(java, "server");
    builder.environment().putAll(once);
    process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
  }

  /** Has {@code podyard judge} look at the installation; what it printed, if it is content. */
  String judge() throws Exception {
    Path said = folder.resolve("judge.out");
    Process judge =
        command(FastStart.java(), "judge", "--settle", "60")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = judge.waitFor(LONGEST_START.toNanos(), TimeUnit.NANOSECONDS);
    judge.destroyForcibly();
    String words = Files.readString(said);
    assertThat(ended && judge.exitValue() == 0).as(words).isTrue();
    return words;
  }

  /** A process with the settings of this installation. */
  private ProcessBuilder command(List<String> java, String... words) {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(java));
    builder.command().add(PodyardApplication.class.getName());
    builder.command().addAll(List.of(words));
    Map<String, String> all = builder.environment();
    all.keySet().removeIf(name -> name.startsWith("PODYARD_") || name.startsWith("SPRING_"));
    all.put("PODYARD_DATA_DIR", folder.toString());
    all.put("PODYARD_RUNTIME", "simulated");
    all.put("PODYARD_SIMULATED_HOSTS", "5");
    // Groups of tests have disks.
    all.put("PODYARD_EXAMPLE_PRICES", "true");
    all.put("PODYARD_ACCESS_KEY_ID", ACCESS_KEY);
    all.put("PODYARD_ACCESS_KEY_SECRET", SECRET);
    all.put("SERVER_PORT", Integer.toString(port));
    all.putAll(environment);
    return builder;
  }

  /** The one of this JVM. */
  static String classPath() {
    // Surefire may hand the class path over inside a jar; this property has it in full.
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  void awaitReady() throws Exception {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (!isReady()) {
      if (!isAlive() || System.nanoTime() > end) {
        throw new AssertionError("the server does not answer; its last words:\n" + lastWords());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  boolean isReady() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              endpoint().resolve("/actuator/health/readiness").toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(5_000);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** As {@code kill -9}: no shutdown hook runs. */
  void kill9() throws InterruptedException {
    Process running = running();
    running.destroyForcibly();
    assertThat(running.waitFor()).isEqualTo(KILLED);
  }

  /** Asks it to end, and waits until it has. */
  void end() throws InterruptedException {
    Process running = running();
    running.destroy();
    assertThat(running.waitFor(LONGEST_START.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
  }

  /** Waits for a server that ends itself as if it were killed. */
  boolean diedWithin(Duration limit) throws InterruptedException {
    Process running = running();
    if (!running.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    assertThat(running.exitValue()).as(lastWords()).isEqualTo(KILLED);
    return true;
  }

  /** Its threads stand still until {@link #resume}; its connections stay. */
  void freeze() throws Exception {
    signal("STOP", pid());
    Waiting.until("a standstill", this::isFrozen);
  }

  void resume() throws Exception {
    signal("CONT", pid());
  }

  /** Whether it stands still, by the signal of whoever. */
  boolean isFrozen() {
    return isFrozen(pid());
  }

  /** The same of any process. */
  static boolean isFrozen(long pid) {
    try {
      String status = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // After the name, which is in brackets and may hold anything.
      return status.charAt(status.lastIndexOf(')') + 2) == 'T';
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void signal(String signal, long pid) throws Exception {
    assertThat(reaches(signal, pid)).as("%s for %d", signal, pid).isTrue();
  }

  /** Sends a signal to a process that may be gone; answers whether it was there. */
  static boolean reaches(String signal, long pid) throws Exception {
    return new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor() == 0;
  }

  long pid() {
    return running().pid();
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("was never started");
    }
    return process;
  }

  Path folder() {
    return folder;
  }

  Path socket() {
    String configured = environment.get("PODYARD_SIMULATED_SOCKET");
    return SimulatedPool.socket(folder, configured == null ? null : Path.of(configured));
  }

  /** How to reach its embedded database. */
  DatabaseAccess database() {
    return LocalPostgres.running(folder.resolve("postgres")).orElseThrow();
  }

  private Path log() {
    return folder.resolve("server.log");
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  PodyardClient client() {
    return client;
  }

  /** A client that gives up sooner or later than usual. */
  PodyardClient client(Duration patience) {
    PodyardClient.Settings usual = PodyardClient.Settings.standard();
    return new PodyardClient(
        endpoint(),
        ACCESS_KEY,
        SECRET,
        SignatureVersion.V1,
        new PodyardClient.Settings(
            usual.clock(), usual.nonces(), usual.connectTimeout(), patience));
  }

  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return "none: " + e;
    }
  }

  /** Lines of its log that a server has only when it failed unexpectedly. */
  List<String> errors() throws IOException {
    try (Stream<String> lines = Files.lines(log())) {
      return new ArrayList<>(lines.filter(line -> line.contains(" ERROR ")).toList());
    }
  }

  @Override
  public void close() throws Exception {
    client.close();
    endProcess();
    endBackground();
    FileSystemUtils.deleteRecursively(folder.resolve("postgres"));
  }

  private void endProcess() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** Ends what outlives a server: its database and its simulated hosts. */
  private void endBackground() throws Exception {
    if (process != null) {
      process.waitFor();
    }
    endSimulatedHosts(folder);
    Path postgres = folder.resolve("postgres");
    if (Files.isDirectory(postgres.resolve("data"))) {
      LocalPostgres.open(postgres).close();
    }
  }

  /** Ends the process of simulated hosts whose socket is in the folder, if there is one. */
  static void endSimulatedHosts(Path folder) throws Exception {
    Path lock = folder.resolve("simulated-hosts.sock.lock");
    if (!Files.exists(lock)) {
      return;
    }
    try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      if (file.tryLock() != null) {
        return; // nobody holds it, so the number in it may have gone to another process
      }
    }
    ProcessHandle hosts =
        ProcessHandle.of(Long.parseLong(Files.readString(lock).strip())).orElseThrow();
    hosts.destroy();
    hosts.onExit().get(30, TimeUnit.SECONDS);
  }
}
