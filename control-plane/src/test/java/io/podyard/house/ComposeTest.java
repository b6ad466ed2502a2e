package io.podyard.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.controlplane.settings.PodyardSettings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * What the Dockerfile, docker-compose.yml and the files it mounts say of one another. That it all
 * works is seen by {@code build/check-compose}, which brings it up.
 */
class ComposeTest {

  private static final Path ROOT = FormatTest.Sources.root();

  @TempDir private Path folder;

  @Test
  void everyPortIsBoundToThisMachineAlone() throws IOException {
    List<String> ports = new ArrayList<>();
    services().values().forEach(service -> ports.addAll(strings(service.get("ports"))));

    assertThat(ports)
        .hasSize(2)
        .allSatisfy(
            port ->
                assertThat(port).matches("(127\\.0\\.0\\.1|\\$\\{[A-Z_]+:-127\\.0\\.0\\.1}):.*"));
  }

  @Test
  void theFrontAndPrometheusKnowEveryControlPlane() throws IOException {
    Set<String> replicas =
        services().keySet().stream()
            .filter(name -> name.startsWith("control-plane-"))
            .map(name -> name + ":8080")
            .collect(Collectors.toSet());

    assertThat(replicas).hasSize(2);
    assertThat(found("(?m)^  server \\S+ (\\S+)$", text("deploy/haproxy.cfg"))).isEqualTo(replicas);
    assertThat(found("\"([^\"]+:[0-9]+)\"", text("deploy/prometheus.yml"))).isEqualTo(replicas);
  }

  @Test
  void whatIsSetIsKnownToTheServer() throws IOException {
    Set<String> known =
        Stream.of(PodyardSettings.class.getRecordComponents())
            .map(RecordComponent::getName)
            .map(name -> "PODYARD_" + name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT))
            .collect(Collectors.toCollection(HashSet::new));
    known.add(SecretsKey.SETTING);

    assertThat(environment("control-plane-1"))
        .isEqualTo(environment("control-plane-2"))
        .filteredOn(name -> name.startsWith("PODYARD_"))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @Test
  void newEnvGivesEverythingThatHasNoDefaultAndNothingTwice() throws Exception {
    Map<String, String> first = newEnv();

    assertThat(first.keySet()).isEqualTo(found("\\$\\{([A-Z_]+):\\?", text("docker-compose.yml")));
    assertThat(SecretsKey.of(first.get("PODYARD_SECRETS_KEY"), folder).id())
        .as("a key that can be read")
        .isNotEmpty();
    assertThat(first.get("PODYARD_ACCESS_KEY_SECRET")).matches("[A-Za-z0-9]{30}");
    assertThat(newEnv().values()).doesNotContainAnyElementsOf(first.values());
  }

  @Test
  void anyBuilderCanBuildTheImageFromAnyBases() throws IOException {
    List<String> lines = text("Dockerfile").lines().toList();
    Set<String> stages = new HashSet<>();
    for (String line : lines) {
      if (line.startsWith("FROM ")) {
        String[] words = line.split(" ");
        assertThat(words[1].matches("\\$\\{[A-Z_]+}") || stages.contains(words[1]))
            .as(line)
            .isTrue();
        stages.add(words[3]);
      }
    }
    assertThat(stages).contains("packaged", "from-sources");
    assertThat(lines).noneMatch(line -> line.startsWith("# syntax") || line.contains("--mount"));
  }

  @Test
  void imagesRunAsAnOrdinaryUser() throws IOException {
    String dockerfile = text("Dockerfile");
    for (String last : List.of("packaged", "from-sources")) {
      String stage = dockerfile.substring(dockerfile.indexOf(" AS " + last + "\n"));
      int next = stage.indexOf("\nFROM ");
      assertThat((next < 0 ? stage : stage.substring(0, next)).lines())
          .as(last)
          .contains("USER 10001:10001");
    }
  }

  @Test
  void aContainerIsReadyWhenItsServerSaysSo() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    int[] status = {200};
    server.createContext(
        "/actuator/health/readiness",
        exchange -> {
          exchange.sendResponseHeaders(status[0], -1);
          exchange.close();
        });
    server.start();
    try {
      String port = Integer.toString(server.getAddress().getPort());
      assertThat(exitCode(port)).isZero();
      status[0] = 503;
      assertThat(exitCode(port)).isNotZero();
      server.stop(0);
      assertThat(exitCode(port)).as("nobody listens").isNotZero();
    } finally {
      server.stop(0);
    }
  }

  private int exitCode(String port) throws Exception {
    ProcessBuilder builder = script("deploy/is-ready");
    builder.environment().put("SERVER_PORT", port);
    return run(builder);
  }

  private Map<String, String> newEnv() throws Exception {
    assertThat(run(script("deploy/new-env"))).isZero();
    Map<String, String> values = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("out"))) {
      int equals = line.indexOf('=');
      values.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return values;
  }

  private ProcessBuilder script(String path) {
    return new ProcessBuilder("bash", ROOT.resolve(path).toString())
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private static int run(ProcessBuilder builder) throws Exception {
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(builder.command() + " does not end");
    }
    return process.exitValue();
  }

  private static Set<String> environment(String service) throws IOException {
    return new TreeSet<>(
        strings(((Map<?, ?>) services().get(service).get("environment")).keySet()));
  }

  private static Map<String, Map<?, ?>> services() throws IOException {
    Map<String, Map<?, ?>> services = new HashMap<>();
    Map<?, ?> file = new Yaml().load(text("docker-compose.yml"));
    ((Map<?, ?>) file.get("services"))
        .forEach((name, service) -> services.put((String) name, (Map<?, ?>) service));
    return services;
  }

  private static List<String> strings(Object values) {
    return values instanceof Collection<?> several
        ? several.stream().map(Object::toString).toList()
        : List.of();
  }

  private static Set<String> found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.results().map(result -> result.group(1)).collect(Collectors.toSet());
  }

  private static String text(String path) throws IOException {
    return Files.readString(ROOT.resolve(path));
  }
}
