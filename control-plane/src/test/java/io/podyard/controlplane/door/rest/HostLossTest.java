package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.HostCensus;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.simulated.FaultPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hosts that are lost, alone and with many others, come back, and are drained. */
class HostLossTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final List<String> HOSTS =
      List.of("sim-0001", "sim-0002", "sim-0003", "sim-0004", "sim-0005");
  private static final Duration SETTLE = Duration.ofSeconds(60);
  private static TestServer server;

  private RestClient operator;
  private RestClient user;

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(HOSTS.size(), "8vCPU/16GiB")
                .with("podyard.host.lost-after", "10s"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void makeClients() {
    operator = new RestClient(server.endpoint(), server.operator());
    user = new RestClient(server.endpoint(), server.newAccount());
  }

  @AfterEach
  void allAreReadyAndNothingIsBroken() throws Exception {
    server.hosts().configure(FaultPlan.NONE);
    for (String host : HOSTS) {
      operator.post("/v1/hosts/" + host + "/uncordon", "{}").ok();
      awaitState(host, "Ready");
    }
    server
        .jdbc()
        .queryForList("select id from container_group where final_at is null", String.class)
        .forEach(id -> user.delete(GROUPS + "/" + id + "?force=true"));
    Waiting.until("nothing is left", () -> count("select count(*) from reservation") == 0);
    assertThat(server.judge().verdict(SETTLE)).isEmpty();
  }

  private String create(String cpu) {
    return user.post(
            GROUPS,
            """
            {"containerGroupName": "loss", "cpu": %s, "memory": 4,
             "container": [{"name": "main", "image": "registry.test/app:1"}]}
            """
                .formatted(cpu))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private String running(String cpu) {
    String id = create(cpu);
    awaitStatus(id, "Running");
    return id;
  }

  private String status(String id) {
    return user.get(GROUPS + "/" + id).ok().json().path("status").asString();
  }

  private void awaitStatus(String id, String status) {
    Waiting.until(id + " is " + status, () -> status(id).equals(status));
  }

  private static int count(String sql, Object... parameters) {
    Integer count = server.jdbc().queryForObject(sql, Integer.class, parameters);
    return count == null ? 0 : count;
  }

  private static String hostOf(String id) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject("select host_id from container_group where id = ?", String.class, id));
  }

  private static Instant billedUntil(String id) {
    return Objects.requireNonNull(
            server
                .jdbc()
                .queryForObject(
                    "select ended_at from usage_interval where group_id = ?",
                    OffsetDateTime.class,
                    id))
        .toInstant();
  }

  private JsonNode host(String id) {
    return operator.get("/v1/hosts/" + id).ok().json();
  }

  private void awaitState(String host, String state) {
    Waiting.until(host + " is " + state, () -> host(host).path("state").asString().equals(state));
  }

  private JsonNode alarms() {
    return operator.get("/v1/hosts").ok().json().path("alarms");
  }

  /** These hosts answer no more. */
  private static Instant cutOff(String... hosts) throws RuntimeUnavailableException {
    server
        .hosts()
        .configure(
            new FaultPlan(
                FaultPlan.NONE.latency(),
                List.of(),
                List.of(),
                List.of(),
                Stream.of(hosts).map(host -> new FaultPlan.Outage(host, 0, 0)).toList(),
                List.of()));
    return Instant.now();
  }

  /** The groups that a host has anything of. */
  private static Set<String> on(String host) {
    HostId id = new HostId(host);
    InstallationId installation =
        new InstallationId(
            String.valueOf(
                server.jdbc().queryForObject("select id from installation", String.class)));
    try {
      return Objects.requireNonNull(server.runtimes().get(id)).list(installation, id).stream()
          .map(FoundGroup::group)
          .map(group -> group.value())
          .collect(Collectors.toSet());
    } catch (RuntimeUnavailableException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aHostThatStaysAwayIsLostAndWhatIsLeftOnItGoesWhenItComesBack() throws Exception {
    String left = running("4");
    String host = hostOf(left);
    String deleted = running("4");
    assertThat(hostOf(deleted)).as("the tightest host").isEqualTo(host);
    Instant cutOff = cutOff(host);
    user.delete(GROUPS + "/" + deleted + "?force=true").ok();
    awaitState(host, "Unreachable");
    assertThat(status(left)).isEqualTo("Running");
    operator.post("/v1/hosts/" + host + "/cordon", "{\"reason\": \"look at it\"}").ok();

    awaitState(host, "Lost");
    assertThat(alarms().size()).isZero();
    awaitStatus(left, "Failed");
    Waiting.until(
        "the deleted one is over",
        () ->
            count("select count(*) from container_group where id = ?", deleted) == 0
                && host(host).path("containerGroups").asInt() == 0);
    assertThat(user.get(GROUPS + "/" + left + "/events").ok().body()).contains("HostLost");
    Instant until = billedUntil(left);
    assertThat(until).isBeforeOrEqualTo(cutOff.plusSeconds(1));
    assertThat(billedUntil(deleted)).isBeforeOrEqualTo(cutOff.plusSeconds(1));
    assertThat(host(host).has("lostAt")).isTrue();
    assertThat(server.judge().verdict(SETTLE)).as("while it is away").isEmpty();

    server.hosts().configure(FaultPlan.NONE);
    assertThat(on(host)).as("its containers ran on").contains(left, deleted);
    awaitState(host, "Cordoned");
    assertThat(on(host)).isEmpty();
    assertThat(host(host).path("cordonReason").asString()).isEqualTo("look at it");
    assertThat(host(host).has("lostAt")).isFalse();
    assertThat(billedUntil(left)).isEqualTo(until);
    assertThat(status(left)).isEqualTo("Failed");
  }

  @Test
  void whenMostVanishNoneIsLostUntilTheirOperatorSaysSo() throws Exception {
    List<String> groups = HOSTS.stream().map(_ -> running("8")).toList();
    String[] gone = HOSTS.subList(0, 3).toArray(String[]::new);
    Instant cutOff = cutOff(gone);
    Waiting.until("an alarm", () -> alarms().path(0).path("vanished").asInt() == 3);
    JsonNode alarm = alarms().path(0);
    assertThat(alarm.path("hosts").asInt()).isEqualTo(5);
    assertThat(alarm.path("message").asString()).contains("3 of 5 hosts");
    assertThat(host(gone[0]).has("alarmedAt")).isTrue();
    Waiting.until("the metric", () -> server.bean(HostCensus.class).counts().alarming() == 3);
    // Long after the time of a loss.
    Waiting.until("time", () -> Instant.now().isAfter(cutOff.plusSeconds(20)));
    for (String host : gone) {
      assertThat(host(host).path("state").asString()).isEqualTo("Unreachable");
    }
    assertThat(count("select count(*) from container_group where status = 'Running'")).isEqualTo(5);

    RestClient.Answer refused = operator.post("/v1/hosts/" + HOSTS.getLast() + "/lost", "{}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("IncorrectStatus");
    JsonNode lost = operator.post("/v1/hosts/" + gone[0] + "/lost", "{}").ok().json();
    assertThat(lost.path("state").asString()).isEqualTo("Lost");
    String victim =
        groups.stream().filter(id -> hostOf(id).equals(gone[0])).findFirst().orElseThrow();
    awaitStatus(victim, "Failed");
    assertThat(alarms().path(0).path("vanished").asInt()).isEqualTo(2);

    server.hosts().configure(FaultPlan.NONE);
    Waiting.until("the alarm is over", () -> alarms().isEmpty());
    HOSTS.forEach(host -> awaitState(host, "Ready"));
    assertThat(groups).filteredOn(id -> status(id).equals("Running")).hasSize(4);
  }

  @Test
  void aDrainTellsItsProgressAndEndsWhatIsLeftAtItsDeadline() {
    String stays = running("4");
    String host = hostOf(stays);
    String leaves = running("4");
    assertThat(hostOf(leaves)).isEqualTo(host);
    Instant before = Instant.now();
    JsonNode draining =
        operator
            .post(
                "/v1/hosts/" + host + "/drain",
                "{\"deadlineSeconds\": 3600, \"reason\": \"a new board\"}")
            .ok()
            .json();
    assertThat(draining.path("state").asString()).isEqualTo("Draining");
    JsonNode drain = draining.path("drain");
    assertThat(drain.path("reason").asString()).isEqualTo("a new board");
    assertThat(drain.path("containerGroupsLeft").asInt()).isEqualTo(2);
    assertThat(drain.path("drained").asBoolean()).isFalse();
    assertThat(Instant.parse(drain.path("deadline").asString())).isAfter(before.plusSeconds(3500));
    assertThat(hostOf(running("4"))).isNotEqualTo(host);
    user.delete(GROUPS + "/" + leaves + "?force=true").ok();
    Waiting.until(
        "progress", () -> host(host).path("drain").path("containerGroupsLeft").asInt() == 1);
    assertThat(
            operator
                .post("/v1/hosts/" + host + "/cordon", "{}")
                .ok()
                .json()
                .path("state")
                .asString())
        .isEqualTo("Draining");
    assertThat(status(stays)).isEqualTo("Running");

    Instant deadline =
        Instant.parse(
            operator
                .post("/v1/hosts/" + host + "/drain", "{\"deadlineSeconds\": 1}")
                .ok()
                .json()
                .path("drain")
                .path("deadline")
                .asString());
    awaitStatus(stays, "Failed");
    JsonNode failed = user.get(GROUPS + "/" + stays).ok().json();
    assertThat(failed.toString()).contains("HostDrained");
    assertThat(billedUntil(stays)).isAfterOrEqualTo(deadline.minusSeconds(1));
    Waiting.until("it is empty", () -> host(host).path("drain").path("drained").asBoolean());
    assertThat(host(host).path("state").asString()).isEqualTo("Draining");
    assertThat(host(host).path("drain").has("reason")).isFalse();
    JsonNode open = operator.post("/v1/hosts/" + host + "/uncordon", "{}").ok().json();
    assertThat(open.path("state").asString()).isEqualTo("Ready");
    assertThat(open.has("drain")).isFalse();
    List<String> next = HOSTS.stream().map(_ -> create("4")).toList();
    next.forEach(id -> awaitStatus(id, "Running"));
  }

  @Test
  void aDrainThatIsTakenBackEndsNothing() {
    String stays = running("4");
    String host = hostOf(stays);
    operator.post("/v1/hosts/" + host + "/drain", "{\"deadlineSeconds\": 2}").ok();
    Instant after = Instant.now().plusSeconds(5);
    operator.post("/v1/hosts/" + host + "/uncordon", "{}").ok();
    Waiting.until("the time", () -> Instant.now().isAfter(after));
    assertThat(status(stays)).isEqualTo("Running");
  }

  @Test
  void wrongDrainsAndUnknownHostsAreNamed() {
    for (String seconds : List.of("-1", "2592001", "\"soon\"")) {
      RestClient.Answer answer =
          operator.post("/v1/hosts/sim-0001/drain", "{\"deadlineSeconds\": " + seconds + "}");
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.wrongFields()).containsExactly("deadlineSeconds");
    }
    for (String what : List.of("drain", "lost")) {
      RestClient.Answer answer =
          operator.post(
              "/v1/hosts/sim-9999/" + what,
              what.equals("drain") ? "{\"deadlineSeconds\": 1}" : "{}");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.code()).isEqualTo("InvalidParameter.NotFound");
    }
  }
}
