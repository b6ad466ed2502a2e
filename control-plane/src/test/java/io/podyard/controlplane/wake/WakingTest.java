package io.podyard.controlplane.wake;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.faults.Plane;
import io.podyard.controlplane.faults.SimulatedProcess;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What another process commits and tells of is done at once by a server that would look at the
 * tables much later. The other process is plain SQL here.
 */
class WakingTest {

  /** Longer than any test waits. */
  private static final Duration NEVER = Duration.ofHours(1);

  private static SimulatedProcess hosts;
  private static TestDatabase database;
  private static Plane plane;

  @BeforeAll
  static void start() throws Exception {
    hosts = SimulatedProcess.start("waking", 1, "16vCPU/64GiB");
    database = TestDatabase.create();
    plane =
        Plane.start(
            new Plane.Database(database.url(), database.userName(), database.password()),
            hosts,
            new Looking(NEVER, NEVER));
    // A shard that was taken over is read whole; from then on only what somebody tells of.
    Waiting.until(
        "a proof that the shard was read",
        () ->
            !database
                .jdbc()
                .queryForList("select shard from proof_of_life", Integer.class)
                .isEmpty());
  }

  @AfterAll
  static void close() throws Exception {
    plane.close();
    hosts.close();
    database.close();
  }

  @Test
  void aGroupThatAnotherProcessBoundIsDrivenWhenItTells() {
    String group = waitingGroup();
    database
        .transaction()
        .executeWithoutResult(
            _ -> {
              int bound =
                  database
                      .jdbc()
                      .update(
                          """
                          with g as (
                            update container_group g
                            set host_id = h.id, shard = h.shard, zone = h.zone,
                                attention_at = now(), version = version + 1
                            from host h where g.id = ?
                            returning g.id, g.host_id, g.milli_cpu, g.memory_mib
                          ), r as (
                            insert into reservation (group_id, host_id, milli_cpu, memory_mib)
                            select id, host_id, milli_cpu, memory_mib from g
                          )
                          update host h
                          set reserved_milli_cpu = reserved_milli_cpu + g.milli_cpu,
                              reserved_memory_mib = reserved_memory_mib + g.memory_mib
                          from g where h.id = g.host_id
                          """,
                          group);
              assertThat(bound).isEqualTo(1);
            });
    Integer shard = database.jdbc().queryForObject("select shard from host limit 1", Integer.class);
    tell(Channel.ATTENTION, String.valueOf(shard));

    Waiting.until("the group to run", () -> status(group).equals("Running"));
  }

  @Test
  void groupsThatWaitAreLookedAtWhenAnotherProcessTellsOfRoom() {
    String group = waitingGroup();
    database.jdbc().update("update host set state = 'READY', cordoned_at = null");
    tell(Channel.CAPACITY, "more");

    Waiting.until("the group to run", () -> status(group).equals("Running"));
  }

  @Test
  void aHostThatAnotherProcessDidNotReachIsPassedOverUntilItAnswers() {
    database.jdbc().update("update host set state = 'READY', cordoned_at = null");
    String host = database.jdbc().queryForObject("select id from host", String.class);
    AtomicReference<String> waiting = new AtomicReference<>();
    // The server itself soon finds that the host answers, and may do so before the create.
    Waiting.until(
        "a group that waits for the host",
        () -> {
          tell(Channel.HOSTS, "-" + host);
          String group = create();
          waiting.set(group);
          return !database
              .jdbc()
              .queryForList(
                  "select 1 from group_event where group_id = ? and message like '%1 not answering%'",
                  Integer.class, group)
              .isEmpty();
        });
    Waiting.until("the group to run", () -> status(waiting.get()).equals("Running"));
  }

  /** Makes a group that waits because its host takes no new ones. */
  private static String waitingGroup() {
    database.jdbc().update("update host set state = 'CORDONED', cordoned_at = now()");
    AtomicReference<String> waiting = new AtomicReference<>();
    // The server sees it within a second or so.
    Waiting.until(
        "a group without a host",
        () -> {
          String group = create();
          waiting.set(group);
          return database
                  .jdbc()
                  .queryForList(
                      "select 1 from container_group where id = ? and host_id is null",
                      Integer.class,
                      group)
                  .size()
              == 1;
        });
    return waiting.get();
  }

  private static String create() {
    CreateContainerGroupResponse created =
        plane
            .client()
            .call(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ContainerGroupName", "told",
                    "Cpu", "0.25",
                    "Memory", "0.5",
                    "Container.1.Name", "app",
                    "Container.1.Image", "podyard/app:1"),
                CreateContainerGroupResponse.class);
    return Objects.requireNonNull(created.containerGroupId());
  }

  private static void tell(Channel channel, String word) {
    database
        .jdbc()
        .queryForList(
            "select 1 from (select pg_notify(?, ?)) told", Integer.class, channel.wireName(), word);
  }

  private static String status(String group) {
    return database
        .jdbc()
        .queryForList("select status from container_group where id = ?", String.class, group)
        .stream()
        .findFirst()
        .orElse("none");
  }
}
