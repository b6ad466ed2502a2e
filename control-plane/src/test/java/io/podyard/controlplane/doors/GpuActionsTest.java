package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ContainerResponse;
import io.podyard.api.containergroup.InitContainerResponse;
import io.podyard.api.containergroup.RestartContainerGroupResponse;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import io.podyard.billing.UsageInterval;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.usage.CostSoFar;
import io.podyard.controlplane.usage.GroupCosts;
import io.podyard.controlplane.usage.Usage;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** GPUs of groups, on two simulated hosts with three each. */
class GpuActionsTest {

  private static final int GPUS = 3;

  private TestServer server;
  private TestServer.Key account;
  private Groups groups;

  @BeforeEach
  void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "16vCPU/64GiB")
                .withGpus(GPUS + "xA10")
                .with("podyard.example-prices", "true"));
    account = server.newAccount();
    groups = Groups.of(server, account);
  }

  @AfterEach
  void stopServer() throws Exception {
    try {
      assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
    } finally {
      server.close();
    }
  }

  /** A group of containers that stay, with the GPUs that each asks for. */
  private static Map<String, String> group(Map<String, Integer> containers, String... more) {
    Map<String, String> parameters =
        Groups.parameters(
            "ContainerGroupName=gpus", "Cpu=0.5", "Memory=1", "TerminationGracePeriodSeconds=1");
    parameters.putAll(containers(containers));
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private static Map<String, String> containers(Map<String, Integer> containers) {
    Map<String, String> parameters = new LinkedHashMap<>();
    int i = 1;
    for (Map.Entry<String, Integer> container : containers.entrySet()) {
      String path = "Container." + i++ + ".";
      parameters.put(path + "Name", container.getKey());
      parameters.put(path + "Image", "registry.test/app:1");
      parameters.put(path + "Command.1", "sleep");
      parameters.put(path + "Command.2", "infinity");
      if (container.getValue() > 0) {
        parameters.put(path + "Gpu", container.getValue().toString());
      }
    }
    return parameters;
  }

  private static Map<String, Integer> wanting(Object... namesAndCounts) {
    Map<String, Integer> containers = new LinkedHashMap<>();
    for (int i = 0; i < namesAndCounts.length; i += 2) {
      containers.put((String) namesAndCounts[i], (Integer) namesAndCounts[i + 1]);
    }
    return containers;
  }

  private String create(Map<String, Integer> containers, String... more) {
    return groups.create(group(containers, more));
  }

  private String running(Map<String, Integer> containers, String... more) {
    String id = create(containers, more);
    groups.untilStatus(id, "Running");
    return id;
  }

  /** The devices that a container sees. */
  private String seen(String id, String container) {
    return String.valueOf(
            groups
                .call(
                    Action.EXEC_CONTAINER_COMMAND,
                    ExecContainerCommandResponse.class,
                    "ContainerGroupId=" + id,
                    "ContainerName=" + container,
                    "Command=[\"printenv\",\"NVIDIA_VISIBLE_DEVICES\"]",
                    "Sync=true")
                .syncResponse())
        .strip();
  }

  private String column(String column, String id) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select %s from reservation where group_id = ?".formatted(column),
                String.class,
                id));
  }

  private void update(String id, Map<String, String> parameters) {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.put("ContainerGroupId", id);
    UpdateContainerGroupResponse _ =
        groups
            .client()
            .call(Action.UPDATE_CONTAINER_GROUP, all, UpdateContainerGroupResponse.class);
    Waiting.until(
        id + " has followed",
        () ->
            "Running".equals(groups.get(id).status())
                && Boolean.TRUE.equals(
                    server
                        .jdbc()
                        .queryForObject(
                            "select (state ->> 'generation')::int8 = generation"
                                + " from container_group where id = ?",
                            Boolean.class,
                            id)));
  }

  @Test
  void containersSeeTheDevicesThatAreReservedForTheirGroup() {
    String id = running(wanting("one", 1, "two", 2, "none", 0));

    assertThat(column("gpu_devices", id)).isEqualTo("7");
    assertThat(seen(id, "one")).isEqualTo("0");
    assertThat(seen(id, "two")).isEqualTo("1,2");
    assertThat(seen(id, "none")).isEqualTo("void");
    assertThat(groups.get(id).containers())
        .extracting(ContainerResponse::gpu)
        .containsExactly(1, 2, null);

    // The other host's.
    String single = running(wanting("one", 1));
    String half = running(wanting("one", 2));
    assertThat(seen(single, "one")).isEqualTo("0");
    assertThat(seen(half, "one")).isEqualTo("1,2");
    assertThat(column("host_id", single)).isEqualTo(column("host_id", half));

    String waits = create(wanting("one", 2));
    groups.until(
        waits,
        "says what it waits for",
        group ->
            group.containers().stream()
                .anyMatch(c -> String.valueOf(c.currentState()).contains("GPU")));
    groups.delete(id, "Force=true");
    groups.untilStatus(waits, "Running");
    assertThat(seen(waits, "one")).isEqualTo("0,1");
  }

  @Test
  void whatNoHostCanEverHaveIsRefused() {
    for (String more : List.of("DryRun=true", "DryRun=false")) {
      PodyardCallException refusal =
          groups.refusal(Action.CREATE_CONTAINER_GROUP, group(wanting("a", 2, "b", 2), more));
      assertThat(refusal.code()).isEqualTo("OperationDenied.NoStock");
      assertThat(refusal.getMessage()).contains("4 GPUs");
    }
    assertThat(
            groups
                .refusal(Action.CREATE_CONTAINER_GROUP, group(wanting("a", 3), "DryRun=true"))
                .code())
        .isEqualTo("DryRunOperation");
    assertThat(
            groups
                .refusal(Action.CREATE_CONTAINER_GROUP, group(wanting("a", 60, "b", 5)))
                .getMessage())
        .contains("65 GPUs together");
    assertThat(
            groups
                .refusal(
                    Action.CREATE_CONTAINER_GROUP,
                    group(wanting("a", 1), "Container.1.Gpu=-1", "GpuDriverVersion=newest"))
                .getMessage())
        .contains("Container.1.Gpu", "GpuDriverVersion");
  }

  @Test
  void initContainersHaveThemBeforeTheOthers() {
    String id =
        running(
            wanting("app", 1),
            "InitContainer.1.Name=init",
            "InitContainer.1.Image=registry.test/init:1",
            "InitContainer.1.Command.1=printenv",
            "InitContainer.1.Command.2=NVIDIA_VISIBLE_DEVICES",
            "InitContainer.1.Gpu=2",
            "GpuDriverVersion=tesla=470.82.01");

    assertThat(groups.log(id, "init")).contains("0,1");
    assertThat(seen(id, "app")).isEqualTo("0");
    assertThat(column("gpu_devices", id)).isEqualTo("3");
    assertThat(groups.get(id).initContainers())
        .extracting(InitContainerResponse::gpu)
        .containsExactly(2);
  }

  @Test
  void updatesAndRestartsKeepTheDevices() {
    String other = running(wanting("one", 1));
    String id = running(wanting("a", 1, "b", 1, "c", 0));
    assertThat(column("host_id", id)).isEqualTo(column("host_id", other));
    assertThat(List.of(seen(id, "a"), seen(id, "b"))).containsExactly("1", "2");

    groups.call(
        Action.RESTART_CONTAINER_GROUP,
        RestartContainerGroupResponse.class,
        "ContainerGroupId=" + id);
    groups.until(id, "runs again", group -> restarts(group, "b") == 1);
    groups.untilStatus(id, "Running");
    assertThat(List.of(seen(id, "a"), seen(id, "b"))).containsExactly("1", "2");

    // Who keeps its GPU goes on; another gets the one that is free.
    update(id, containers(wanting("c", 1, "b", 1)));
    assertThat(List.of(seen(id, "c"), seen(id, "b"))).containsExactly("1", "2");
    assertThat(restarts(groups.get(id), "b")).isEqualTo(1);

    Map<String, String> more = group(wanting("b", 3));
    more.keySet().removeIf(name -> !name.startsWith("Container."));
    more.put("ContainerGroupId", id);
    PodyardCallException refusal = groups.refusal(Action.UPDATE_CONTAINER_GROUP, more);
    assertThat(refusal.getMessage()).contains("Container.1.Gpu", "the group has 2");
    assertThat(column("gpu_devices", id)).isEqualTo("6");
  }

  private static int restarts(ContainerGroupResponse group, String container) {
    return group.containers().stream()
        .filter(c -> container.equals(c.name()))
        .map(c -> Objects.requireNonNull(c.restartCount()))
        .findFirst()
        .orElse(0);
  }

  @Test
  void eightRequestsForTheLastDeviceGiveItToOne() throws Exception {
    String full = running(wanting("a", 3));
    String nearlyFull = running(wanting("a", 2));
    List<String> ids = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(
            clients.submit(
                () -> {
                  go.await();
                  return create(wanting("a", 1));
                }));
      }
      go.countDown();
      for (Future<String> answer : answers) {
        ids.add(answer.get());
      }
    }
    Waiting.until(
        "one of them runs",
        () -> ids.stream().anyMatch(id -> "Running".equals(groups.get(id).status())));
    List<String> scheduled =
        ids.stream().filter(id -> !"Scheduling".equals(groups.get(id).status())).toList();
    assertThat(scheduled).hasSize(1);
    assertThat(seen(scheduled.getFirst(), "a")).isEqualTo("2");
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();

    // Four more devices: not one too many is given.
    groups.delete(full, "Force=true");
    Waiting.until(
        "the devices that became free are given",
        () -> ids.stream().filter(id -> "Running".equals(groups.get(id).status())).count() == 4);
    assertThat(column("gpu_devices", nearlyFull)).isEqualTo("3");
  }

  @Test
  void aGroupThatAnEarlierReleaseBoundWithoutItsGpusIsRefused() {
    String one = running(wanting("a", 3));
    String other = running(wanting("a", 3));
    String id = create(wanting("a", 1));
    assertThat(groups.get(id).status()).isEqualTo("Scheduling");
    for (String statement :
        List.of(
            "update host set reserved_milli_cpu = reserved_milli_cpu + 500,"
                + " reserved_memory_mib = reserved_memory_mib + 1024 where id = 'sim-0001'",
            "insert into reservation (group_id, host_id, milli_cpu, memory_mib)"
                + " values ('{id}', 'sim-0001', 500, 1024)",
            "update container_group g set host_id = h.id, shard = h.shard,"
                + " zone = coalesce(g.zone, h.zone), attention_at = now(),"
                + " version = g.version + 1 from host h where h.id = 'sim-0001' and g.id = '{id}'")) {
      assertThat(server.jdbc().update(statement.replace("{id}", id))).isEqualTo(1);
    }

    ContainerGroupResponse failed = groups.untilStatus(id, "ScheduleFailed");
    assertThat(String.valueOf(failed.containers().getFirst().currentState()))
        .contains("GpuNotReserved");
    groups.delete(one, "Force=true");
    groups.delete(other, "Force=true");
  }

  @Test
  void gpusAreMeteredAndBilled() {
    String id = running(wanting("a", 1, "b", 1));

    ContainerGroupId group = new ContainerGroupId(id);
    CostSoFar cost =
        server
            .bean(GroupCosts.class)
            .soFar(
                account.account(),
                List.of(
                    new GroupCosts.Asked(
                        group,
                        new RegionId("cn-hangzhou"),
                        null,
                        new Metered(Size.of(500, 1024), 2000, Tariff.STANDARD))))
            .getFirst();
    assertThat(server.bean(Usage.class).intervals(account.account(), group))
        .extracting(UsageInterval::metered)
        .containsExactly(new Metered(Size.of(500, 1024), 2000, Tariff.STANDARD));
    // 0.5 vCPU, 1 GiB and two GPUs at the invented price.
    assertThat(cost)
        .isInstanceOfSatisfying(
            CostSoFar.Priced.class,
            priced ->
                assertThat(priced.perSecond().amount())
                    .isEqualByComparingTo(
                        new BigDecimal("0.0000245")
                            .add(new BigDecimal("0.00000613"))
                            .add(new BigDecimal("0.004"))));
  }

  @Test
  void hostsTellOfTheirGpus() {
    assertThat(
            server
                .jdbc()
                .queryForList(
                    "select cardinality(gpu_reserved_milli) || 'x' || gpu_model from host",
                    String.class))
        .containsExactly("3xA10", "3xA10");
  }
}
