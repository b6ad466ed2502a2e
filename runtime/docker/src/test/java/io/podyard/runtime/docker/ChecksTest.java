package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Handler;
import io.podyard.runtime.HostAlias;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.testing.EngineForTests;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probes and hooks on a real engine. */
@Timeout(120)
class ChecksTest extends EngineGround {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path keys;

  /** Answers one status to whoever asks, and says on its log what was asked. */
  private static ContainerSpec answering(String status) {
    return shell(
        "app",
        "echo up; while :; do printf 'HTTP/1.0 %s\\r\\nLocation: http://elsewhere/\\r\\n\\r\\n' '"
            + status
            + "' | nc -l -p 80; done");
  }

  private CheckResult check(ContainerGroupId group, Handler handler, Duration timeout)
      throws Exception {
    return engine.check(
        installation, group, view(group, "app").engineId(), handler, sandbox(group).ip(), timeout);
  }

  private static Handler http(@Nullable String host, int port, boolean tls) {
    return new Handler.HttpGet(host, port, "/ready", tls, List.of());
  }

  @Test
  void aCommandPassesByItsExitCodeAndSaysWhatItSaid() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 1000"));

    assertThat(check(group, new Handler.Exec(List.of("true")), LONG))
        .isEqualTo(new CheckResult(true, ""));
    CheckResult bad =
        check(group, new Handler.Exec(List.of("sh", "-c", "echo no; echo way >&2; exit 3")), LONG);
    assertThat(bad.passed()).isFalse();
    // The engine may hand on the two streams in either order.
    assertThat(bad.output().lines()).containsExactlyInAnyOrder("no", "way");
    assertThat(check(group, new Handler.Exec(List.of("/no/such/program")), LONG).passed())
        .isFalse();
    assertThat(check(group, new Handler.Exec(List.of("false")), LONG).output())
        .isEqualTo("exit code 1");
  }

  @Test
  void aCommandThatIsNotThroughInItsTimeFailedAndIsEnded() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 1000"));

    CheckResult result =
        check(group, new Handler.Exec(List.of("sleep", "987")), Duration.ofSeconds(1));

    assertThat(result.passed()).isFalse();
    assertThat(result.output()).contains("did not end");
    assertThat(output(group, "app", "ps")).doesNotContain("sleep 987");
  }

  @Test
  void aPortIsOpenOrNot() throws Exception {
    ContainerGroupId group = running(answering("200 OK"));
    eventually(() -> check(group, new Handler.TcpSocket(null, 80), LONG), CheckResult::passed);

    CheckResult closed = check(group, new Handler.TcpSocket(null, 81), LONG);

    assertThat(closed.passed()).isFalse();
    assertThat(closed.output()).contains("connection refused");
    assertThat(check(group, new Handler.TcpSocket("fe80::1", 80), LONG).output())
        .contains("cannot resolve");
  }

  @Test
  void anAnswerPassesByItsStatusAndRedirectsAreNotFollowed() throws Exception {
    for (String status : List.of("200 OK", "302 Found")) {
      ContainerGroupId group = running(answering(status));
      eventually(() -> check(group, http(null, 80, false), LONG), CheckResult::passed);
      remove(group);
    }
    ContainerGroupId group = running(answering("503 Busy"));
    CheckResult busy =
        eventually(
            () -> check(group, http(null, 80, false), LONG), r -> r.output().contains("503"));
    assertThat(busy.passed()).isFalse();
  }

  @Test
  void headersAndHostsAreSentAsTheyAreGiven() throws Exception {
    ContainerSpec app =
        shell(
            "app", "while :; do printf 'HTTP/1.0 200 OK\\r\\n\\r\\n' | nc -l -p 80 >>/asked; done");
    GroupSpec spec =
        Specs.with(
            spec(app),
            List.of(),
            List.of(new HostAlias("127.0.0.1", List.of("myself"))),
            null,
            null);
    ContainerGroupId group = group(spec);
    start(group, spec, "app");
    Handler handler =
        new Handler.HttpGet(
            "myself",
            80,
            "/ready?x=1",
            false,
            List.of(
                new Handler.HttpHeader("Host", "shop.example"),
                new Handler.HttpHeader("X-Key", "abc")));

    eventually(() -> check(group, handler, LONG), CheckResult::passed);

    String asked = eventually(() -> output(group, "app", "cat /asked"), a -> !a.isEmpty());
    assertThat(asked)
        .contains("GET /ready?x=1 ", "Host: shop.example", "X-Key: abc")
        .doesNotContain("myself");
    Handler twoLines =
        new Handler.HttpGet(
            null, 80, "/", false, List.of(new Handler.HttpHeader("A", "b\r\nEvil: c")));
    assertThat(check(group, twoLines, LONG).passed()).isFalse();
  }

  @Test
  void aNameIsResolvedByTheGroupsOwnResolver() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 1000"));
    String own = engine.view(installation, group).sandboxes().getFirst().engineId();

    // The engine's resolver knows the sandbox by its id in the group's network.
    CheckResult result =
        check(group, new Handler.TcpSocket(own.substring(0, 12), 80), Duration.ofSeconds(10));
    CheckResult unknown =
        check(group, new Handler.TcpSocket("nobody.invalid", 80), Duration.ofSeconds(3));

    assertThat(result.output()).contains("connection refused");
    assertThat(unknown.output()).contains("cannot resolve");
  }

  @Test
  void whatDoesNotAnswerInTimeFailed() throws Exception {
    ContainerGroupId group = running(shell("app", "nc -ll -p 80 -e sleep 100"));
    eventually(() -> check(group, new Handler.TcpSocket(null, 80), LONG), CheckResult::passed);

    for (boolean tls : new boolean[] {false, true}) {
      CheckResult late =
          eventually(
              () -> check(group, http(null, 80, tls), Duration.ofSeconds(2)),
              r -> r.output().contains("timed out"));
      assertThat(late.passed()).isFalse();
    }
  }

  @Test
  void httpsIsSpokenWithoutAskingWhoseCertificateItIs() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    HttpsServer server = HttpsServer.create(new InetSocketAddress("0.0.0.0", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    server.createContext(
        "/ready",
        exchange -> {
          boolean good = "abc".equals(exchange.getRequestHeaders().getFirst("X-Key"));
          exchange.sendResponseHeaders(good ? 204 : 403, -1);
          exchange.close();
        });
    server.start();
    DockerEngineSettings settings =
        EngineForTests.settings(keys.resolve("data"))
            .with(
                new DockerEngineSettings.Network(
                    DockerEngineSettings.Network.DEFAULTS.subnets(),
                    DockerEngineSettings.Network.DEFAULTS.closedTo(),
                    true));
    try (DockerEngine open = EngineForTests.engine(settings)) {
      ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
      GroupSpec spec = spec(shell("app", "sleep 1000"));
      open.createSandbox(
          new io.podyard.runtime.pod.SandboxOrder(installation, ALICE, group, spec), FENCE);
      fetch(ALICE, group, busybox());
      engine.createContainer(
          new io.podyard.runtime.pod.ContainerOrder(
              name(group, "app"), ALICE, spec, spec.containers().getFirst(), ""),
          FENCE);
      engine.startContainer(view(group, "app").engineId(), FENCE);
      String gateway = output(group, "app", "ip route | grep default").split(" ")[2];
      int port = server.getAddress().getPort();

      CheckResult good =
          check(
              group,
              new Handler.HttpGet(
                  gateway, port, "/ready", true, List.of(new Handler.HttpHeader("X-Key", "abc"))),
              LONG);
      CheckResult bad = check(group, http(gateway, port, true), LONG);
      CheckResult closed = check(group, http(gateway, 1, true), LONG);

      assertThat(good).isEqualTo(new CheckResult(true, ""));
      assertThat(bad).isEqualTo(new CheckResult(false, "HTTP status 403"));
      assertThat(closed.passed()).isFalse();
      assertThat(closed.output()).contains("cannot connect");
    } finally {
      server.stop(0);
      assertThat(here).isNotNull();
    }
  }

  @Test
  void whatSpeaksNoTlsFailed() throws Exception {
    ContainerGroupId group = running(answering("200 OK"));

    CheckResult result =
        eventually(() -> check(group, http(null, 80, true), LONG), r -> r.output().contains("TLS"));

    assertThat(result.passed()).isFalse();
  }

  private SSLContext selfSigned() throws Exception {
    Path store = keys.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=nobody",
                "-storepass",
                "secret",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(keys.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      loaded.load(in, "secret".toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(loaded, "secret".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void aSandboxOfAnEarlierVersionIsNamedAsTheReason() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 1000"));
    String sandbox = Names.sandbox(installation, group);
    try (EngineCalls calls = calls()) {
      ExecRun execs = new ExecRun(calls, new CommandEnding(calls, images(calls)), 1 << 16);
      // As a program would answer that does not know the command.
      var answer = execs.run(sandbox, List.of(SandboxImage.PROGRAM, "probe-by-magic"), LONG);
      assertThat(answer.exitCode()).isEqualTo(SandboxImage.NOT_UNDERSTOOD);
      assertThat(answer.output()).startsWith("commands, ");
    }
    assertThat(ContainerChecks.tooOld("relay").output()).contains("earlier version");
  }

  private static EngineCalls calls() {
    DockerEngineSettings settings = EngineForTests.settings(Path.of("/nonexistent"));
    return new EngineCalls(
        io.podyard.runtime.docker.http.EngineAddress.of(settings.host(), settings.tlsFolder()),
        LONG);
  }

  private static EngineImages images(EngineCalls calls) {
    return new EngineImages(
        calls, new EngineFacts(calls, java.time.InstantSource.system(), System::nanoTime));
  }

  @Test
  void whatDoesNotRunIsNotChecked() throws Exception {
    ContainerGroupId group = running(shell("app", "true"));
    ended(group, "app");

    for (Handler handler :
        List.of(new Handler.Exec(List.of("true")), new Handler.TcpSocket(null, 80))) {
      assertThatThrownBy(() -> check(group, handler, LONG))
          .isInstanceOf(NoSuchContainerException.class);
    }
  }

  @Test
  void anEngineThatDoesNotAnswerSaysNothingAboutTheContainer() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 1000"));
    String id = view(group, "app").engineId();
    String ip = sandbox(group).ip();
    DockerEngineSettings nowhere =
        DockerEngineSettings.of(
            java.net.URI.create("unix://" + keys.resolve("none.sock")), keys.resolve("data"));
    try (DockerEngine gone =
        new DockerEngine(nowhere, EngineForTests.logs(nowhere), java.time.InstantSource.system())) {
      for (Handler handler :
          List.of(
              new Handler.Exec(List.of("true")),
              new Handler.TcpSocket(null, 80),
              http(null, 80, true))) {
        assertThatThrownBy(() -> gone.check(installation, group, id, handler, ip, LONG))
            .isInstanceOf(RuntimeUnavailableException.class);
      }
    }
  }
}
