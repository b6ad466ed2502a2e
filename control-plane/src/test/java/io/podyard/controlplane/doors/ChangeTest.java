package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ContainerResponse;
import io.podyard.api.containergroup.DescribeContainerGroupStatusResponse;
import io.podyard.api.containergroup.ResizeContainerGroupEphemeralStorageResponse;
import io.podyard.api.containergroup.RestartContainerGroupResponse;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Updating and restarting groups, and their statuses as pods (contract sections 2, 12 and 15). */
class ChangeTest {

  private static final String TWO =
      "Container.2.Name=side,Container.2.Image=side:1,Container.2.Command.1=sleep,"
          + "Container.2.Command.2=infinity";

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "32vCPU/64GiB")
                .with("podyard.example-prices", "true"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private String running(String... more) {
    List<String> all = new ArrayList<>(List.of(TWO.split(",")));
    all.addAll(List.of(more));
    String id = groups.create(Groups.shell("sleep infinity", all.toArray(String[]::new)));
    groups.untilStatus(id, "Running");
    return id;
  }

  private void update(String id, String... parameters) {
    Map<String, String> all = Groups.parameters(parameters);
    all.put("ContainerGroupId", id);
    UpdateContainerGroupResponse _ =
        groups
            .client()
            .call(Action.UPDATE_CONTAINER_GROUP, all, UpdateContainerGroupResponse.class);
  }

  private void restart(String id, String... parameters) {
    Map<String, String> all = Groups.parameters(parameters);
    all.put("ContainerGroupId", id);
    RestartContainerGroupResponse _ =
        groups
            .client()
            .call(Action.RESTART_CONTAINER_GROUP, all, RestartContainerGroupResponse.class);
  }

  private PodyardCallException noUpdate(String id, String... parameters) {
    Map<String, String> all = Groups.parameters(parameters);
    all.put("ContainerGroupId", id);
    return groups.refusal(Action.UPDATE_CONTAINER_GROUP, all);
  }

  private int restarts(ContainerGroupResponse group, String container) {
    return group.containers().stream()
        .filter(c -> container.equals(c.name()))
        .map(ContainerResponse::restartCount)
        .map(Objects::requireNonNull)
        .findFirst()
        .orElseThrow();
  }

  private ContainerGroupResponse untilSettled(String id) {
    return groups.until(
        id,
        "has followed its change",
        group -> "Running".equals(group.status()) && generationReached(id));
  }

  private static boolean generationReached(String id) {
    return Boolean.TRUE.equals(
        server
            .jdbc()
            .queryForObject(
                "select (state ->> 'generation')::int8 = generation from container_group where id ="
                    + " ?",
                Boolean.class,
                id));
  }

  @Test
  void aContainerThatChangesIsMadeAnewAndTheOtherGoesOn() {
    String id = running();
    ContainerGroupResponse before = groups.get(id);

    update(
        id,
        "UpdateType=IncrementalUpdate",
        "Container.1.Name=main",
        "Container.1.Image=main:2",
        "Container.1.Command.1=sleep",
        "Container.1.Command.2=infinity");
    ContainerGroupResponse after = untilSettled(id);

    assertThat(after.containers())
        .extracting(ContainerResponse::name)
        .containsExactly("main", "side");
    assertThat(groups.container(id, "main").image()).isEqualTo("main:2");
    assertThat(restarts(after, "main")).isEqualTo(1);
    assertThat(restarts(after, "side")).isZero();
    assertThat(after.intranetIp()).isEqualTo(before.intranetIp());
    assertThat(groups.reasons(id)).contains("Updating", "Killing");
    groups.delete(id, "Force=true");
  }

  @Test
  void aRenewUpdateReplacesTheWholeList() {
    String id = running();

    update(
        id,
        "Container.1.Name=other",
        "Container.1.Image=other:1",
        "Container.1.Command.1=sleep",
        "Container.1.Command.2=infinity");
    ContainerGroupResponse after = untilSettled(id);

    assertThat(after.containers()).extracting(ContainerResponse::name).containsExactly("other");
    groups.delete(id, "Force=true");
  }

  @Test
  void aNewSizeIsHeldAtOnceAndBilledFromTheMomentItHolds() {
    String id = running("Cpu=2", "Memory=4");

    update(id, "Cpu=4", "Memory=8");
    ContainerGroupResponse after = untilSettled(id);

    assertThat(after.cpu()).isEqualByComparingTo(new BigDecimal(4));
    assertThat(restarts(after, "main")).isEqualTo(1);
    assertThat(
            server
                .jdbc()
                .queryForList(
                    "select milli_cpu from usage_interval where group_id = ? order by sequence",
                    Integer.class,
                    id))
        .containsExactly(2000, 4000);
    assertThat(held(id)).isEqualTo(4000);

    update(id, "Cpu=1", "Memory=2");
    untilSettled(id);
    Waiting.until("what is not needed any more is given back", () -> held(id) == 1000);
    groups.delete(id, "Force=true");
    groups.untilGone(id);
    assertThat(
            server.jdbc().queryForObject("select sum(reserved_milli_cpu) from host", Integer.class))
        .isNotNull();
  }

  private static int held(String id) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select milli_cpu from reservation where group_id = ?", Integer.class, id));
  }

  @Test
  void aSizeThatItsHostHasNoRoomForIsRefusedAndChangesNothing() {
    String id = running("Cpu=2", "Memory=4");

    PodyardCallException refusal = noUpdate(id, "Cpu=64", "Memory=128");

    assertThat(refusal.code()).isEqualTo("OperationDenied.NoStock");
    assertThat(groups.get(id).status()).isEqualTo("Running");
    assertThat(held(id)).isEqualTo(2000);
    groups.delete(id, "Force=true");
  }

  @Test
  void whatNeedsNoRestartRestartsNothing() {
    String id = running();

    update(id, "RestartPolicy=OnFailure", "Tag.1.Key=a", "Tag.1.Value=b");
    ContainerGroupResponse after = untilSettled(id);

    assertThat(after.restartPolicy()).isEqualTo("OnFailure");
    assertThat(after.tags()).hasSize(1);
    assertThat(restarts(after, "main")).isZero();

    update(id, "UpdateType=IncrementalUpdate", "Tag.1.Key=c", "Tag.1.Value=d");
    assertThat(groups.get(id).status()).isEqualTo("Running");
    assertThat(groups.get(id).tags()).hasSize(2);
    groups.delete(id, "Force=true");
  }

  @Test
  void moreDiskHoldsWithoutARestartAndNobodyIsToldTwice() throws Exception {
    String id = running();
    long generation = generation(id);
    List<Future<String>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= 20; i++) {
        int gib = i;
        answers.add(threads.submit(() -> resize(id, gib)));
      }
    }
    for (Future<String> answer : answers) {
      assertThat(answer.get()).isIn("done", "InvalidParameter", "OperationConflict");
    }
    Integer reached = groups.get(id).ephemeralStorage();
    assertThat(answers.get(Objects.requireNonNull(reached) - 1).get()).isEqualTo("done");
    assertThat(resize(id, 5000)).isEqualTo("done");
    assertThat(resize(id, 5000)).isEqualTo("NoNeedUpdate");
    assertThat(groups.get(id).ephemeralStorage()).isEqualTo(5000);
    assertThat(generation(id)).isEqualTo(generation);
    assertThat(restarts(untilSettled(id), "main")).isZero();
    update(id, "Container.1.Name=main", "Container.1.Image=main:3");
    assertThat(untilSettled(id).ephemeralStorage()).isEqualTo(5000);
    groups.delete(id);
    assertThat(resize(id, 5000)).isIn("IncorrectStatus", "InvalidParameter.NotFound");
  }

  private static long generation(String id) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject("select generation from container_group where id = ?", Long.class, id));
  }

  private String resize(String id, int gib) {
    try {
      ResizeContainerGroupEphemeralStorageResponse _ =
          groups.call(
              Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
              ResizeContainerGroupEphemeralStorageResponse.class,
              "ContainerGroupId=" + id,
              "NewSize=" + gib);
      return "done";
    } catch (PodyardCallException refused) {
      return refused.code();
    }
  }

  @Test
  void whatChangesNothingIsRefused() {
    String id = running();

    assertThat(noUpdate(id, "RestartPolicy=Always").code()).isEqualTo("NoNeedUpdate");
    assertThat(noUpdate(id).code()).isEqualTo("NoNeedUpdate");
    groups.delete(id, "Force=true");
  }

  @Test
  void whatIsAddedCountsWithWhatIsThere() {
    String content = Base64.getEncoder().encodeToString(new byte[32_000]);
    String id = running(config(1, "first", content).toArray(String[]::new));

    assertThat(
            noUpdate(
                    id,
                    Stream.concat(
                            Stream.of("UpdateType=IncrementalUpdate"),
                            config(1, "second", content).stream())
                        .toArray(String[]::new))
                .getMessage())
        .contains("Volume:", "61440 bytes together, not 64000");
    List<String> replaced = new ArrayList<>(config(1, "second", content));
    replaced.add("UpdateType=RenewUpdate");
    update(id, replaced.toArray(String[]::new));
    groups.delete(id, "Force=true");
  }

  private static List<String> config(int number, String name, String content) {
    String volume = "Volume." + number + ".";
    String file = volume + "ConfigFileVolume.ConfigFileToPath.1.";
    return List.of(
        volume + "Name=" + name,
        volume + "Type=ConfigFileVolume",
        file + "Path=a",
        file + "Content=" + content);
  }

  @Test
  void anInitContainerHasTheTerminalThatItsUpdateAsksFor() {
    String id = running();
    update(
        id,
        "InitContainer.1.Name=first",
        "InitContainer.1.Image=registry.test/shell:1",
        "InitContainer.1.Command.1=true",
        "InitContainer.1.Stdin=true",
        "InitContainer.1.StdinOnce=true",
        "InitContainer.1.Tty=true");
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select spec -> 'initContainers' -> 0 -> 'terminal' ->> 'tty' from"
                        + " container_group where id = ?",
                    String.class,
                    id))
        .isEqualTo("true");
    groups.delete(id, "Force=true");
  }

  @Test
  void aResolverOfItsOwnIsWhatAGroupSaysAfterwards() {
    String id = running("DnsPolicy=Default");
    assertThat(groups.get(id).dnsPolicy()).isEqualTo("Default");
    update(id, "DnsConfig.NameServer.1=10.0.0.2");
    assertThat(groups.get(id).dnsPolicy()).isEqualTo("None");
    groups.delete(id, "Force=true");
  }

  @Test
  void everythingWrongWithAnUpdateIsNamedAtOnce() {
    String id = running();

    PodyardCallException refusal =
        noUpdate(
            id,
            "UpdateType=Sometimes",
            "RestartPolicy=Perhaps",
            "Cpu=x",
            "Container.1.Name=main",
            "Container.1.LivenessProbe.PeriodSeconds=0",
            "Container.1.LifecyclePostStartHandlerHttpGetHttpHeaders.1.Name=a b",
            "Container.1.LifecyclePostStartHandlerHttpGetPort=80");

    assertThat(refusal.getMessage())
        .contains(
            "UpdateType",
            "RestartPolicy",
            "Cpu",
            "Container.1.Image",
            "Container.1.LivenessProbe",
            "Container.1.LivenessProbe.PeriodSeconds",
            "Container.1.LifecyclePostStartHandlerHttpGetHttpHeaders.1.Name");
    groups.delete(id, "Force=true");
  }

  @Test
  void aRestartMakesAllContainersAnewAndTheGroupKeepsItsAddress() {
    String id =
        running(
            "InitContainer.1.Name=init",
            "InitContainer.1.Image=init:1",
            "InitContainer.1.Command.1=true");
    ContainerGroupResponse before = groups.get(id);

    restart(id);
    ContainerGroupResponse after = untilSettled(id);

    assertThat(restarts(after, "main")).isEqualTo(1);
    assertThat(restarts(after, "side")).isEqualTo(1);
    assertThat(after.initContainers().getFirst().restartCount()).isEqualTo(1);
    assertThat(after.intranetIp()).isEqualTo(before.intranetIp());
    assertThat(groups.reasons(id)).contains("Restarting");
    groups.delete(id, "Force=true");
  }

  @Test
  void aGroupThatEndedCannotBeRestarted() {
    String id = groups.create(Groups.shell("true", "RestartPolicy=Never"));
    groups.untilStatus(id, "Succeeded");

    PodyardCallException refusal =
        groups.refusal(Action.RESTART_CONTAINER_GROUP, Groups.parameters("ContainerGroupId=" + id));

    assertThat(refusal.code()).isEqualTo("IncorrectStatus");
    assertThat(noUpdate("eci-unknown", "RestartPolicy=Never").code())
        .isEqualTo("InvalidParameter.NotFound");
  }

  @Test
  void theSameTokenRestartsOnce() {
    String id = running();

    restart(id, "ClientToken=again");
    restart(id, "ClientToken=again");
    untilSettled(id);
    restart(id, "ClientToken=again");

    assertThat(restarts(untilSettled(id), "main")).isEqualTo(1);
    groups.delete(id, "Force=true");
  }

  @Test
  void ofManyAtOnceOneWinsAndTheOthersAreToldOfAConflict() throws Exception {
    String id = running();
    List<Future<String>> answers = new ArrayList<>();

    try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
      for (int i = 0; i < 50; i++) {
        int n = i;
        answers.add(
            threads.submit(
                () -> {
                  try {
                    if (n % 2 == 0) {
                      restart(id);
                    } else {
                      update(
                          id,
                          "UpdateType=IncrementalUpdate",
                          "Container.1.Name=main",
                          "Container.1.Image=main:" + n,
                          "Container.1.Command.1=sleep",
                          "Container.1.Command.2=infinity");
                    }
                    return "done";
                  } catch (PodyardCallException e) {
                    return e.code();
                  }
                }));
      }
    }

    List<String> codes = new ArrayList<>();
    for (Future<String> answer : answers) {
      codes.add(answer.get());
    }
    assertThat(codes).contains("done").isSubsetOf("done", "IncorrectStatus", "OperationConflict");
    ContainerGroupResponse after = untilSettled(id);
    long done = codes.stream().filter("done"::equals).count();
    assertThat(restarts(after, "main")).isLessThanOrEqualTo((int) done);
    groups.delete(id, "Force=true");
  }

  @Test
  void groupsThatEndAsTheyGrowAreBilledForWhatTheyHad() throws Exception {
    Random random = new Random(77);
    List<String> ids = new ArrayList<>();
    List<Future<?>> updates = new ArrayList<>();
    try (ScheduledExecutorService threads = Executors.newScheduledThreadPool(8)) {
      for (int i = 0; i < 100; i++) {
        String id =
            groups.create(
                Groups.shell(
                    "sleep infinity",
                    "InitContainer.1.Name=init",
                    "InitContainer.1.Image=init:1",
                    "InitContainer.1.Command.1=false",
                    "RestartPolicy=Never",
                    "Cpu=0.25",
                    "Memory=0.5"));
        ids.add(id);
        updates.add(
            threads.schedule(
                () -> {
                  try {
                    update(id, "Cpu=0.5", "Memory=1");
                  } catch (PodyardCallException e) {
                    assertThat(e.code()).isIn("IncorrectStatus", "OperationConflict");
                  }
                },
                random.nextInt(40),
                TimeUnit.MILLISECONDS));
      }
    }
    for (Future<?> update : updates) {
      update.get();
    }

    ids.forEach(id -> groups.untilStatus(id, "Failed"));
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void aGroupIsListedAsAPodWithItsConditions() {
    String id = running();

    DescribeContainerGroupStatusResponse answer =
        groups
            .client()
            .call(
                Action.DESCRIBE_CONTAINER_GROUP_STATUS,
                Groups.parameters("ContainerGroupIds=[\"" + id + "\"]"),
                DescribeContainerGroupStatusResponse.class);

    assertThat(answer.totalCount()).isEqualTo(1);
    var pod = answer.data().getFirst();
    assertThat(pod.uuid()).isEqualTo(id);
    assertThat(pod.status()).isEqualTo("Running");
    var status = Objects.requireNonNull(pod.podStatus());
    assertThat(status.phase()).isEqualTo("Running");
    assertThat(status.conditions())
        .anySatisfy(
            condition -> {
              assertThat(condition.type()).isEqualTo("Ready");
              assertThat(condition.status()).isEqualTo("True");
            });
    assertThat(status.containerStatuses()).hasSize(2);
    assertThat(status.containerStatuses().getFirst().ready()).isTrue();
    groups.delete(id, "Force=true");
  }
}
