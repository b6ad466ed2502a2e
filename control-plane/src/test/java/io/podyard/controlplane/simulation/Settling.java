package io.podyard.controlplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.judge.Judge;
import io.podyard.controlplane.judge.Violation;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import io.podyard.runtime.simulated.SimulatedWorld;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * After the last fault: all must come to rest, keep every rule, and end without leaving anything.
 */
final class Settling {

  /** Rounds with nothing left to do but to wait for what is broken to be mended. */
  private static final int MOST_ROUNDS = 80;

  /** Steps that may follow one another without any time in between. */
  private static final int MOST_PASSES = 20;

  /** After which no record of an ended group is kept. */
  private static final Duration RECORDS_KEPT = Duration.ofHours(25);

  /** Where nothing but vCPU, memory and disk counts. */
  private static final String FORGOTTEN =
      """
      select g.id || ' on ' || h.id from container_group g cross join host h
      where g.host_id is null and g.status = 'Scheduling' and g.goal = 'RUN'
        and jsonb_typeof(coalesce(g.spec -> 'gpus', 'null')) = 'null'
        and jsonb_typeof(coalesce(g.spec -> 'vSwitch', 'null')) = 'null'
        and h.state = 'READY' and (h.kept_for is null or h.kept_for = g.id)
        and h.reserved_milli_cpu + g.milli_cpu <= h.allocatable_milli_cpu
        and h.reserved_memory_mib + g.memory_mib <= h.allocatable_memory_mib
        and (h.allocatable_disk_mib = 0
             or h.reserved_disk_mib + coalesce((g.spec ->> 'ephemeralStorageMib')::int4, 30 * 1024)
                <= h.allocatable_disk_mib)
      order by 1
      """;

  private final Ground ground;
  private final SimulatedWorld world;
  private final Clients clients;
  private final List<SimulatedProcess> processes;
  private final Interruptions interruptions;
  private final Consumer<String> story;
  private final Consumer<Duration> pass;
  private final Clock clock;
  private final PodRuntime runtime;
  private final Judge judge;

  /**
   * @param pass lets time pass
   */
  Settling(
      Ground ground,
      SimulatedWorld world,
      Clock clock,
      Clients clients,
      List<SimulatedProcess> processes,
      Interruptions interruptions,
      Consumer<String> story,
      Consumer<Duration> pass) {
    this.ground = ground;
    this.world = world;
    this.clock = clock;
    this.clients = clients;
    this.processes = processes;
    this.interruptions = interruptions;
    this.story = story;
    this.pass = pass;
    this.runtime =
        new PodRuntime(
            Ground.RUNTIME, host -> world.engine(host).orElse(null), clock, PodSettings.DEFAULTS);
    Map<HostId, GroupRuntime> hosts = new TreeMap<>();
    world.hosts().forEach(host -> hosts.put(host, runtime));
    this.judge = new Judge(ground.jdbc(), ground.installation(), hosts);
  }

  /**
   * @param keepEnded whether groups that ended by themselves are left to housekeeping
   */
  void all(boolean keepEnded) throws RuntimeUnavailableException {
    try {
      untilContent();
      story.accept("everything is deleted");
      clients.deleteAll(
          ids(
              "select id from container_group where goal <> 'END'"
                  + (keepEnded ? " and final_at is null" : "")));
      untilContent();
      nothingIsLeft(keepEnded);
    } finally {
      runtime.close();
    }
  }

  private void untilContent() throws RuntimeUnavailableException {
    String broken = "";
    for (int round = 0; round < MOST_ROUNDS; round++) {
      untilQuiet();
      broken = broken();
      if (broken.isEmpty()) {
        return;
      }
      pass.accept(Duration.ofSeconds(round < 3 ? 2 : 10));
    }
    throw new AssertionError("after all faults stays broken: " + broken);
  }

  /** Everybody does what there is to do at this moment, again as long as something comes of it. */
  private void untilQuiet() {
    processes.forEach(process -> process.doRegularly(world.hosts()));
    for (int i = 0; i < MOST_PASSES; i++) {
      int before = interruptions.commits();
      for (int n = clients.waiting(); n > 0; n--) {
        clients.takeUpFirst();
        story.accept("  " + clients.send(processes.getFirst().groups()));
      }
      boolean again = i > 0;
      processes.forEach(process -> process.doWhatIsLeft(again));
      if (interruptions.commits() == before) {
        return;
      }
    }
    throw new AssertionError("never comes to rest");
  }

  /** What speaks against an end, empty if nothing does. */
  private String broken() throws RuntimeUnavailableException {
    if (clients.waitForAnswers()) {
      return "clients wait for answers";
    }
    List<String> moving =
        ground
            .jdbc()
            .queryForList(
                """
                select concat_ws(' ', id, status, goal, state ->> 'phase') from container_group
                where status = 'Terminating' or goal = 'END'
                   or (status = 'Scheduling' and host_id is not null)
                   or (final_at is not null and host_id is not null and released_at is null)
                order by id
                """,
                String.class);
    if (!moving.isEmpty()) {
      return "groups are under way: " + moving;
    }
    List<String> absent =
        ground
            .jdbc()
            .queryForList(
                "select id || ' ' || state from host where state <> 'READY' order by id",
                String.class);
    if (!absent.isEmpty()) {
      return "hosts do not come back: " + absent;
    }
    List<String> forgotten = ground.jdbc().queryForList(FORGOTTEN, String.class);
    if (!forgotten.isEmpty()) {
      return "groups wait although there is room: " + forgotten;
    }
    // What waits for room or its image may do so for longer than the judge thinks right.
    Set<String> waiting =
        new HashSet<>(
            ids("select id from container_group where status in ('Scheduling', 'Pending')").stream()
                .map(ContainerGroupId::value)
                .toList());
    Set<Violation> violations = judge.look();
    violations.removeIf(violation -> waiting.contains(violation.subject()));
    violations.addAll(judge.acknowledged(clients.created(), clients.deleted()));
    return violations.isEmpty() ? "" : violations.toString();
  }

  private void nothingIsLeft(boolean keepEnded) throws RuntimeUnavailableException {
    for (HostId host : world.hosts()) {
      assertThat(runtime.list(ground.installation(), host)).as("on %s", host).isEmpty();
    }
    assertThat(ids("select group_id from reservation")).as("reservations").isEmpty();
    assertThat(ids("select group_id from usage_interval where ended_at is null"))
        .as("meters that run")
        .isEmpty();
    if (keepEnded) {
      pass.accept(RECORDS_KEPT);
      ground.tables().endRecords(clock);
    }
    assertThat(ids("select id from container_group")).as("records").isEmpty();
    assertThat(ids("select id from container_group_history"))
        .as("groups that ever were")
        .containsExactlyInAnyOrderElementsOf(clients.created());
  }

  private List<ContainerGroupId> ids(String query) {
    return ground.jdbc().query(query, (row, _) -> new ContainerGroupId(row.getString(1)));
  }
}
