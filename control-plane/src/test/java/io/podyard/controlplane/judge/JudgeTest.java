package io.podyard.controlplane.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.PodyardApplication;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureFilter.End;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.pod.ContainerEngine;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.SandboxOrder;
import io.podyard.runtime.simulated.FaultPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The judge is content with a healthy installation, and finds each violation that is planted. */
class JudgeTest {

  private static final Fence OPEN =
      new Fence() {
        @Override
        public long epoch() {
          return 1;
        }

        @Override
        public void check() {}
      };

  private static Healthy healthy;

  @BeforeAll
  static void fill() throws Exception {
    healthy = new Healthy();
  }

  @AfterAll
  static void close() throws Exception {
    healthy.close();
  }

  @Test
  void isContentWithAHealthyInstallation() throws Exception {
    assertThat(judge().look()).isEmpty();
    assertThat(judge().verdict(Duration.ZERO)).isEmpty();
  }

  @TestFactory
  Collection<DynamicTest> findsWhatIsWrongInTheTablesAndNothingElse() {
    Set<DatabaseCheck> fired = new HashSet<>();
    List<DynamicTest> tests = new ArrayList<>();
    Stream.of(
            Plant.RECORDS,
            Plant.CAPACITY,
            Plant.USAGE,
            Plant.LIFE,
            Plant.HOST_LIFE,
            Plant.QUOTAS,
            Plant.DISKS,
            Plant.TASKS,
            Plant.IMAGE_CACHES,
            DataCachePlants.ALL,
            Plant.ADDRESSES,
            Plant.SPOT_GROUPS,
            Plant.CHARGES,
            BillPlants.ALL,
            SpendingPlants.ALL)
        .flatMap(List::stream)
        .forEach(
            plant ->
                tests.add(DynamicTest.dynamicTest(plant.what(), () -> mustFind(plant, fired))));
    tests.add(
        DynamicTest.dynamicTest(
            "each check has found something",
            () -> assertThat(DatabaseRules.CHECKS).isNotEmpty().allMatch(fired::contains)));
    return tests;
  }

  /** What is done in it comes to nothing. */
  private static SingleConnectionDataSource connection() {
    SingleConnectionDataSource connection =
        new SingleConnectionDataSource(
            healthy.database().url(),
            healthy.database().userName(),
            healthy.database().password(),
            true);
    connection.setAutoCommit(false);
    return connection;
  }

  @Test
  void isContentWithAGroupThatIsMeteredWhileItIsMadeAnew() throws Exception {
    SingleConnectionDataSource connection = connection();
    try {
      JdbcTemplate jdbc = new JdbcTemplate(connection);
      jdbc.update(
          """
          update container_group
          set status = 'Updating', state = jsonb_set(state, '{phase}', '"REPLACING"')
          where id = ?
          """,
          healthy.id("running").value());
      assertThat(healthy.judge(jdbc).look()).isEmpty();
    } finally {
      connection.getConnection().rollback();
      connection.destroy();
    }
  }

  private static void mustFind(Plant plant, Set<DatabaseCheck> fired) throws Exception {
    SingleConnectionDataSource connection = connection();
    try {
      JdbcTemplate jdbc = new JdbcTemplate(connection);
      plant.sql().forEach(sql -> jdbc.execute(healthy.fill(sql)));
      Set<Violation> found = healthy.judge(jdbc).look();
      assertThat(subjects(found))
          .as("%s", found)
          .isEqualTo(plant.expected().stream().map(healthy::fill).collect(Collectors.toSet()));
      assertThat(found)
          .anySatisfy(v -> assertThat(v.message()).contains(healthy.fill(plant.words())));
      DatabaseRules.CHECKS.stream()
          .filter(check -> !check.look(jdbc).isEmpty())
          .forEach(fired::add);
    } finally {
      connection.getConnection().rollback();
      connection.destroy();
    }
  }

  private static Set<String> subjects(Collection<Violation> violations) {
    return violations.stream().map(v -> v.rule() + " " + v.subject()).collect(Collectors.toSet());
  }

  @Test
  void findsAGroupOnAHostThatNobodyKnows() throws Exception {
    ContainerGroupId stranger = new ContainerGroupId("eci-stranger");
    ContainerEngine engine = engine(healthy.hostOf("running"));
    engine.createSandbox(sandbox(stranger), OPEN);
    mustFind("CONTAINERS eci-stranger", "nobody knows it");
    engine.removeSandbox(healthy.installation(), stranger, OPEN);
  }

  @Test
  void findsAGroupThatWasGoneAndIsBack() throws Exception {
    ContainerGroupId succeeded = healthy.id("succeeded");
    ContainerEngine engine = engine(healthy.hostOf("running"));
    engine.createSandbox(sandbox(succeeded), OPEN);
    mustFind("CONTAINERS {succeeded}", "nobody knows it");
    engine.removeSandbox(healthy.installation(), succeeded, OPEN);
  }

  @Test
  void findsAGroupOnASecondHost() throws Exception {
    ContainerGroupId running = healthy.id("running");
    ContainerEngine engine = engine(healthy.otherThan("running"));
    engine.createSandbox(sandbox(running), OPEN);
    mustFind("ONE_HOST {running}", "not just on {running.host}");
    engine.removeSandbox(healthy.installation(), running, OPEN);
  }

  @Test
  void findsAnAttemptThatNobodyWantsAndOneThatRunsBesideTheOther() throws Exception {
    ContainerGroupId running = healthy.id("running");
    ContainerEngine engine = engine(healthy.hostOf("running"));
    engine.createContainer(container(running, 7), OPEN);
    String engineId = engineId(engine, running, 7);
    mustFind("CONTAINERS {running}", "attempt 7 at app, which nobody wanted");
    engine.startContainer(engineId, OPEN);
    Waiting.until(() -> messages().contains("runs app twice"));
    mustFind("CONTAINERS {running}", "runs app twice");
    engine.removeContainer(engineId, OPEN);
  }

  @Test
  void findsAGroupWithoutItsSandboxAndOneWithoutItsContainer() throws Exception {
    ContainerGroupId large = healthy.id("large");
    ContainerEngine engine = engine(healthy.hostOf("large"));
    engine.removeSandbox(healthy.installation(), large, OPEN);
    mustFind("CONTAINERS {large}", "has 0 sandboxes");
    engine.createSandbox(sandbox(large), OPEN);
    engine.removeContainer(engineId(engine, large, 1), OPEN);
    mustFind("CONTAINERS {large}", "should run app");
    engine.createContainer(container(large, 1), OPEN);
    engine.startContainer(engineId(engine, large, 1), OPEN);
    Waiting.until(() -> messages().isEmpty());
  }

  @Test
  void findsADiskThatNobodyKnowsAndOneThatIsNotWhereItShouldBe() throws Exception {
    ContainerGroupId running = healthy.id("running");
    ContainerEngine engine = engine(healthy.otherThan("running"));
    ContainerGroupId stranger = new ContainerGroupId("eci-with-disk");
    GroupSpec withDisk = spec().withVolumes(List.of(new VolumeSpec.Disk("a", "d-odd", 20)));
    engine.createSandbox(
        new SandboxOrder(healthy.installation(), new AccountId("someone"), stranger, withDisk),
        OPEN);
    engine.removeSandbox(healthy.installation(), stranger, OPEN);
    mustFind("DISKS d-odd", "is on [{running.other}] but unknown");
    JdbcTemplate jdbc = healthy.database().jdbc();
    jdbc.update(
        """
        insert into persistent_volume (id, account_id, region, zone, host_id, size_gib, fs_type,
                                       delete_with_group, created_at)
        select 'd-odd', g.account_id, g.region, h.zone, h.id, 20, 'ext4', false, now()
        from container_group g join host h on h.id = g.host_id where g.id = ?
        """,
        running.value());
    mustFind("DISKS d-odd", "not just on {running.host}");
    jdbc.update("update persistent_volume set deleting_at = now(), removed_at = now()");
    mustFind("DISKS d-odd", "but was removed");
    engine.removeDisk(healthy.installation(), "d-odd", OPEN);
    jdbc.update("delete from persistent_volume");
    assertThat(judge().look()).isEmpty();
  }

  @Test
  void findsWhatAHostKeepsForATaskThatNobodyKnowsOrThatIsOver() throws Exception {
    ContainerGroupId running = healthy.id("running");
    HostId host = healthy.hostOf("running");
    ContainerEngine engine = engine(host);
    engine.beginCapture("", capture(running, host, "ops-odd"), OPEN);
    mustFind("TASKS ops-odd", "has a capture on {running.host}, but is unknown");
    JdbcTemplate jdbc = healthy.database().jdbc();
    jdbc.update(
        """
        insert into ops_task (id, account_id, region, group_id, host_id, shard, ops_type, filter,
                              image, status, created_at, begin_by, seconds, begun_at)
        select 'ops-odd', account_id, region, id, host_id, shard, 'tcpdump', '{}', 'i', 'Ready',
               now(), now(), 60, now()
        from container_group where id = ?
        """,
        running.value());
    assertThat(judge().look()).as("it is under way").isEmpty();
    jdbc.update("update ops_task set status = 'Failed', finished_at = now(), cleared_at = now()");
    mustFind("TASKS ops-odd", "but is over there");
    engine.removeCapture(healthy.installation(), "ops-odd", OPEN);
    jdbc.update("delete from ops_task");

    CommitOrder commit =
        new CommitOrder(healthy.installation(), host, running, "app", "cct-odd", "", "");
    engine.commit(engineId(engine, running, 1), commit, OPEN);
    mustFind("TASKS cct-odd", "has an image on {running.host}, but is unknown");
    engine.removeCommitted(healthy.installation(), "cct-odd", OPEN);
    assertThat(judge().look()).isEmpty();
  }

  @Test
  void findsAnImageCacheThatAHostHoldsThoughNobodyKnowsItOrItWasLetGo() throws Exception {
    HostId host = healthy.hostOf("running");
    ContainerEngine engine = engine(host);
    ImageCopyOrder order =
        new ImageCopyOrder(
            healthy.installation(),
            host,
            new AccountId("someone"),
            "imc-odd.1",
            List.of("podyard/app:1"),
            List.of(),
            List.of(),
            List.of());
    assertThat(engine.hold(order, OPEN, CopyProgress.NONE)).hasSize(1);
    String copy = "IMAGE_CACHES imc-odd.1@" + host;
    mustFind(copy, "has held images on {running.host}, but is unknown");
    JdbcTemplate jdbc = healthy.database().jdbc();
    jdbc.update(
        """
        insert into image_cache_copy (id, cache_id, revision, host_id, shard, finished_at, cleared_at)
        select 'imc-odd.1@' || id, 'imc-odd', 1, id, shard, now(), now() from host where id = ?
        """,
        host.value());
    mustFind(copy, "but is over there");
    engine.release(healthy.installation(), "imc-odd.1", OPEN);
    jdbc.update("delete from image_cache_copy");
    assertThat(judge().look()).isEmpty();
  }

  private static CaptureOrder capture(ContainerGroupId group, HostId host, String task) {
    return new CaptureOrder(
        healthy.installation(),
        new AccountId("someone"),
        host,
        group,
        task,
        "registry.test/tcpdump:1",
        1,
        new CaptureFilter("eth0", null, End.ANY, End.ANY, 100, 0, 1 << 20));
  }

  @Test
  void onlyWhatLastsIsAViolation() throws Exception {
    ContainerGroupId stranger = new ContainerGroupId("eci-passer-by");
    ContainerEngine engine = engine(healthy.hostOf("running"));
    engine.createSandbox(sandbox(stranger), OPEN);
    assertThat(subjects(judge().verdict(Duration.ofSeconds(1))))
        .containsExactly("CONTAINERS eci-passer-by");
    CompletableFuture<List<Violation>> verdict =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return judge().verdict(Duration.ofMinutes(1));
              } catch (RuntimeUnavailableException e) {
                throw new IllegalStateException(e);
              }
            });
    Waiting.during(Duration.ofSeconds(1), () -> !verdict.isDone());
    engine.removeSandbox(healthy.installation(), stranger, OPEN);
    Waiting.until(verdict::isDone);
    assertThat(verdict.get()).isEmpty();
  }

  @Test
  void saysNothingAboutHostsThatDoNotAnswer() throws Exception {
    healthy
        .process()
        .client()
        .configure(
            new FaultPlan(
                FaultPlan.NONE.latency(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new FaultPlan.Outage("sim-0001", 0, 0)),
                List.of()));
    try {
      assertThatThrownBy(() -> judge().verdict(Duration.ofSeconds(1)))
          .isInstanceOf(RuntimeUnavailableException.class);
      SingleConnectionDataSource connection = connection();
      try {
        JdbcTemplate jdbc = new JdbcTemplate(connection);
        jdbc.update(
            """
            update host set unreachable_since = now(), lost_at = now() where id = 'sim-0001'
            """);
        Judge judge = healthy.judge(jdbc);
        var _ = judge.look();
        assertThat(judge.hostsLeftOut()).isEqualTo(1);
      } finally {
        connection.getConnection().rollback();
        connection.destroy();
      }
    } finally {
      healthy.process().client().configure(FaultPlan.NONE);
    }
  }

  @Test
  void findsWhatClientsWereToldAndIsNotTrue() {
    ContainerGroupId lost = new ContainerGroupId("eci-lost");
    assertThat(
            judge()
                .acknowledged(
                    List.of(healthy.id("running"), healthy.id("deleted")),
                    List.of(healthy.id("deleted"))))
        .isEmpty();
    assertThat(
            subjects(
                judge()
                    .acknowledged(
                        List.of(healthy.id("running"), lost), List.of(healthy.id("running")))))
        .containsExactlyInAnyOrder(
            "ACKNOWLEDGED eci-lost", "ACKNOWLEDGED " + healthy.id("running"));
  }

  @Test
  void theCommandSaysByItsExitCodeWhetherARuleIsBroken() throws Exception {
    assertThat(command("--settle", "5")).isZero();
    ContainerGroupId stranger = new ContainerGroupId("eci-stranger-at-the-command");
    ContainerEngine engine = engine(healthy.hostOf("running"));
    engine.createSandbox(sandbox(stranger), OPEN);
    assertThat(command("--settle", "1")).isEqualTo(1);
    engine.removeSandbox(healthy.installation(), stranger, OPEN);
    assertThat(command("--unknown")).isEqualTo(2);
  }

  @Test
  void theCommandSaysByItsExitCodeThatItCannotAskTheDatabase() throws Exception {
    String nowhere = "jdbc:postgresql://127.0.0.1:1/nowhere?connectTimeout=2";
    assertThat(command(Map.of("SPRING_DATASOURCE_URL", nowhere))).isEqualTo(2);
    assertThat(Files.readString(log())).contains("podyard judge: ");
  }

  private static Path log() {
    return healthy.process().folder().resolve("judge.log");
  }

  private static int command(String... arguments) throws Exception {
    return command(Map.of(), arguments);
  }

  private static int command(Map<String, String> otherwise, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(PodyardApplication.class.getName(), "judge"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPRING_DATASOURCE_URL", healthy.database().url(),
                "SPRING_DATASOURCE_USERNAME", healthy.database().userName(),
                "SPRING_DATASOURCE_PASSWORD", healthy.database().password(),
                "PODYARD_SIMULATED_SOCKET", healthy.process().socket().toString()));
    builder.environment().putAll(otherwise);
    return builder.redirectErrorStream(true).redirectOutput(log().toFile()).start().waitFor();
  }

  private static Judge judge() {
    return healthy.judge(healthy.database().jdbc());
  }

  private static void mustFind(String expected, String words) throws Exception {
    Set<Violation> found = judge().look();
    assertThat(subjects(found)).as("%s", found).containsExactly(healthy.fill(expected));
    assertThat(found).anySatisfy(v -> assertThat(v.message()).contains(healthy.fill(words)));
  }

  private static Set<String> messages() {
    try {
      return judge().look().stream().map(Violation::message).collect(Collectors.toSet());
    } catch (RuntimeUnavailableException e) {
      throw new AssertionError(e);
    }
  }

  private static ContainerEngine engine(HostId host) {
    return healthy.process().client().engine(host);
  }

  private static String engineId(ContainerEngine engine, ContainerGroupId group, int attempt)
      throws RuntimeUnavailableException {
    return engine.view(healthy.installation(), group).containers().stream()
        .filter(container -> container.attempt() == attempt)
        .map(ContainerView::engineId)
        .findFirst()
        .orElseThrow();
  }

  private static SandboxOrder sandbox(ContainerGroupId group) {
    return new SandboxOrder(healthy.installation(), new AccountId("someone"), group, spec());
  }

  private static ContainerOrder container(ContainerGroupId group, int attempt) {
    GroupSpec spec = spec();
    return new ContainerOrder(
        new ContainerName(healthy.installation(), group, "app", attempt),
        new AccountId("someone"),
        spec,
        spec.containers().getFirst(),
        "");
  }

  private static GroupSpec spec() {
    return GroupSpec.of(
        "planted",
        Size.of(1000, 1024),
        RestartPolicy.ALWAYS,
        ContainerSpec.of("app", "podyard/app:1"));
  }
}
