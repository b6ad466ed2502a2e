package io.podyard.controlplane.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.PodyardApplication;
import io.podyard.controlplane.faults.FastStart;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.postgres.LocalPostgres;
import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.EngineObjects;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The README's first command, as its reader runs it. */
class QuickstartTest {

  private static final long LONGEST_MINUTES = 4;

  @TempDir private Path folder;

  /** The simulated hosts outlive the server by design. */
  @AfterEach
  void endSimulatedHosts() throws Exception {
    Path lock = folder.resolve("data/simulated-hosts.sock.lock");
    if (Files.exists(lock)) {
      Optional<ProcessHandle> hosts =
          ProcessHandle.of(Long.parseLong(Files.readString(lock).strip()));
      hosts.ifPresent(ProcessHandle::destroy);
      if (hosts.isPresent()) {
        hosts.get().onExit().get(1, TimeUnit.MINUTES);
      }
    }
    assertThat(LocalPostgres.running(folder.resolve("data/postgres"))).isEmpty();
  }

  @Test
  void oneGroupGoesThroughItsWholeLifeAndIsBilledAndTheDataSurviveASecondStart() throws Exception {
    String first = run("simulated");
    assertThat(first)
        .contains("simulated hosts: nothing real is started")
        .contains("preparing /shared")
        .contains("hello from inside")
        .contains("(simulated: the times are made up)");
    wholeLife(first);
    sideBySide(first);
    assertThat(first).contains(" bytes not pulled, about ");
    String key = line(first, "Access key ");
    assertThat(line(run("simulated"), "Access key ")).isEqualTo(key);
  }

  @Test
  @Tag("docker")
  void onAnEngineTheGroupIsRealAndNothingOfItIsLeft() throws Exception {
    EngineForTests.engine(folder.resolve("look")).close();

    String output = run("docker");

    assertThat(output)
        .containsPattern("Runtime +Docker Engine [0-9]+\\.[^ ]+ at " + Pattern.quote(engine()))
        .contains("hello from the init container")
        .contains("serving on port 8080")
        .contains("Image caches need an image of a registry");
    wholeLife(output);
    assertThat(EngineObjects.of(installation())).isEmpty();
  }

  @Test
  @Tag("docker")
  void withAnImageOfARegistryTheGroupStartsWithoutACacheAndFromOneOnAnEngine() throws Exception {
    EngineForTests.engine(folder.resolve("look")).close();
    TestImage image = shellOfItsOwn();
    try (TestRegistry registry = new TestRegistry()) {
      registry.put("shell", "1", image);
      registry.always("/blobs/", new TestRegistry.Misbehaviour.Slow(400_000));

      String output =
          run("docker", Map.of(QuickstartCommand.IMAGE_SETTING, registry.host() + "/shell:1"));

      assertThat(output)
          .contains("hello from the init container")
          .contains("The same group without an image cache, and from one:")
          .doesNotContain("simulated");
      wholeLife(output);
      sideBySide(output);
      assertThat(registry.asked(TestImage.digest(image.layers().getFirst()))).hasSize(1);
      assertThat(EngineObjects.of(installation())).isEmpty();
    } finally {
      EngineObjects.removeImage(TestImage.digest(image.config()));
    }
  }

  /** An image that no other test has on the engine. */
  private static TestImage shellOfItsOwn() throws Exception {
    TestImage _ = EngineForTests.busybox(); // skips the test where there is none
    Map<String, String> links = new LinkedHashMap<>();
    for (String command : List.of("sh", "echo", "cat", "sleep", UUID.randomUUID().toString())) {
      links.put("bin/" + command, "/bin/busybox");
    }
    return TestImage.ofProgram(
        System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
        "bin/busybox",
        Files.readAllBytes(Path.of("/bin/busybox")),
        links);
  }

  /** What still runs elsewhere is driven on, and says nothing of where the tour's group goes. */
  @Test
  @Tag("docker")
  void aGroupThatIsLeftOnSimulatedHostsDoesNotMakeTheEngineOne() throws Exception {
    EngineForTests.engine(folder.resolve("look")).close();
    run("simulated");
    try (LocalPostgres postgres = LocalPostgres.open(folder.resolve("data/postgres"))) {
      leaveOne(database(postgres));
    }

    String output = run("docker");

    assertThat(output)
        .containsPattern("Runtime +Docker Engine ")
        .contains("serving on port 8080")
        .doesNotContain("simulated hosts: nothing real is started");
    assertThat(EngineObjects.of(installation())).isEmpty();
  }

  /** All that a start looks at of a group that is on a host. */
  private static void leaveOne(JdbcTemplate jdbc) {
    assertThat(
            jdbc.update(
                """
                with left_on as (
                  update host set reserved_milli_cpu = 1000, reserved_memory_mib = 1024
                  where id = (select min(id) from host) returning id)
                insert into reservation (group_id, host_id, milli_cpu, memory_mib)
                select 'eci-left', id, 1000, 1024 from left_on
                """))
        .isEqualTo(1);
  }

  private static JdbcTemplate database(LocalPostgres postgres) {
    return new JdbcTemplate(
        new DriverManagerDataSource(postgres.jdbcUrl(), postgres.userName(), postgres.password()));
  }

  private static void wholeLife(String output) {
    assertThat(output)
        .contains("CreateContainerGroup")
        .containsPattern("scheduling +[0-9.]+ s")
        .containsPattern("sandbox +[0-9.]+ s")
        .containsPattern("pull +[0-9.]+ s")
        .containsPattern("init +[0-9.]+ s")
        .containsPattern("start +[0-9.]+ s")
        .contains("made-by=quickstart")
        .contains("nothing is left")
        .containsPattern("2 vCPU x [0-9]+ s x 0.000049 CNY = ")
        .containsPattern("4 GiB x [0-9]+ s x 0.00000613 CNY = ")
        .containsPattern("amount [0-9.]+ CNY")
        .doesNotContain("FAILED", "WARN", "ERROR", "Exception");
  }

  private static void sideBySide(String output) {
    assertThat(output)
        .containsPattern("CreateImageCache +imc-[^ ]+: a host holds the image after [0-9.]+ s")
        .containsPattern("Running after +[0-9.]+ s +[0-9.]+ s")
        .containsPattern("without +\\| .*, from its registry: [1-9]")
        .containsPattern("cached +\\| .*, from its registry: 0, .* bytes not pulled")
        .doesNotContain("about 0.000s saved");
    Matcher pull = Pattern.compile("pull +([0-9.]+) s +([0-9.]+) s").matcher(output);
    assertThat(pull.find()).isTrue();
    assertThat(Double.parseDouble(pull.group(2)))
        .as("the cached pull")
        .isLessThan(Double.parseDouble(pull.group(1)));
  }

  private static String engine() {
    return System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
  }

  /** Asked of the database that the command left behind. */
  private InstallationId installation() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(folder.resolve("data/postgres"))) {
      return new Inventory(database(postgres)).installation();
    }
  }

  private String run(String runtime) throws Exception {
    return run(runtime, Map.of());
  }

  private String run(String runtime, Map<String, String> more) throws Exception {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>(FastStart.java());
    command.addAll(List.of(PodyardApplication.class.getName(), "quickstart", "--once"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PODYARD_"));
    builder.environment().put("PODYARD_DATA_DIR", folder.resolve("data").toString());
    builder.environment().put("PODYARD_RUNTIME", runtime);
    builder.environment().put("SERVER_PORT", "0");
    builder.environment().putAll(more);
    Process process = builder.start();
    boolean ended = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(ended && process.exitValue() == 0).as(text).isTrue();
    return text;
  }

  private static String line(String text, String start) {
    return text.lines().filter(line -> line.startsWith(start)).findFirst().orElse("");
  }
}
