package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.judge.Judge;
import io.podyard.controlplane.postgres.DatabaseAccess;
import io.podyard.controlplane.runtimes.DockerHosts;
import io.podyard.controlplane.runtimes.DockerPool;
import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Looks at the database and the hosts of an installation from outside. */
final class Inspection implements AutoCloseable {

  private static final Duration SETTLE = Duration.ofSeconds(60);

  private final JdbcTemplate jdbc;
  private final Runnable closing;
  private final GroupRuntime runtime;
  private final InstallationId installation;
  private final Map<HostId, GroupRuntime> hosts = new TreeMap<>();

  private Inspection(JdbcTemplate jdbc, GroupRuntime runtime, Runnable closing) {
    this.jdbc = jdbc;
    this.runtime = runtime;
    this.closing = closing;
    Inventory inventory = new Inventory(jdbc);
    this.installation = inventory.installation();
    for (KnownHost host : inventory.hosts()) {
      hosts.put(host.snapshot().id(), runtime);
    }
  }

  static Inspection of(DatabaseAccess database, Path socket) {
    return of(database.jdbcUrl(), database.userName(), database.password(), socket);
  }

  static Inspection of(String url, String user, String password, Path socket) {
    SimulatedPool pool = SimulatedPool.connect(socket);
    return new Inspection(
        new JdbcTemplate(new DriverManagerDataSource(url, user, password)),
        pool.runtime(InstantSource.system()),
        pool::close);
  }

  /**
   * Of an installation on the Docker Engine of this environment.
   *
   * @param folder for what the looker itself keeps
   */
  static Inspection ofDocker(DatabaseAccess database, Path folder) {
    return ofDocker(database, System.getenv(), folder);
  }

  /** The same for the engine of another environment. */
  static Inspection ofDocker(
      DatabaseAccess database, Map<String, String> environment, Path folder) {
    DockerHosts hosts = new DockerHosts(CommitPoints.NONE);
    hosts.add(DockerPool.toLookAt(environment, folder));
    return new Inspection(
        new JdbcTemplate(
            new DriverManagerDataSource(
                database.jdbcUrl(), database.userName(), database.password())),
        hosts.runtime(InstantSource.system()),
        hosts::close);
  }

  InstallationId installation() {
    return installation;
  }

  JdbcTemplate jdbc() {
    return jdbc;
  }

  Judge judge() {
    return new Judge(jdbc, installation, hosts);
  }

  /** Fails unless no rule stays broken. */
  void mustBeContent() throws RuntimeUnavailableException {
    assertThat(judge().verdict(SETTLE)).isEmpty();
  }

  /** Groups that have the status. */
  List<ContainerGroupId> withStatus(String status) {
    return jdbc.query(
        "select id from container_group where status = ?",
        (row, n) -> new ContainerGroupId(row.getString(1)),
        status);
  }

  /** Whether every one of the groups has a status of these. */
  boolean allAre(Collection<ContainerGroupId> groups, String... statuses) {
    Set<String> found =
        new HashSet<>(
            jdbc.queryForList(
                "select id from container_group where status = any(string_to_array(?, ','))",
                String.class,
                String.join(",", statuses)));
    return groups.stream().allMatch(group -> found.contains(group.value()));
  }

  /** Engine ids of the containers that run, by group. */
  Map<ContainerGroupId, Set<String>> running() {
    Map<ContainerGroupId, Set<String>> running = new HashMap<>();
    for (FoundGroup group : found()) {
      for (FoundGroup.FoundContainer container : group.containers()) {
        if (container.running()) {
          running.computeIfAbsent(group.group(), _ -> new HashSet<>()).add(container.engineId());
        }
      }
    }
    return running;
  }

  /** All groups of the installation that anything is there of, on all hosts. */
  List<FoundGroup> found() {
    List<FoundGroup> found = new ArrayList<>();
    hosts.keySet().forEach(host -> found.addAll(found(host)));
    return found;
  }

  /** The disks that hosts keep for the installation. */
  Set<String> disks() throws RuntimeUnavailableException {
    Set<String> disks = new HashSet<>();
    for (HostId host : hosts.keySet()) {
      disks.addAll(runtime.disks(installation, host));
    }
    return disks;
  }

  /** Whether the image caches of which hosts hold anything are such; no while one is silent. */
  boolean heldCachesAre(Predicate<Set<String>> such) {
    return onAllHosts(runtime::held, such);
  }

  /** The same for data caches. */
  boolean heldDataIs(Predicate<Set<String>> such) {
    return onAllHosts(runtime::heldData, such);
  }

  /** What a host tells. */
  private interface Question {
    Set<String> ask(InstallationId installation, HostId host) throws RuntimeUnavailableException;
  }

  private boolean onAllHosts(Question question, Predicate<Set<String>> such) {
    Set<String> told = new HashSet<>();
    try {
      for (HostId host : hosts.keySet()) {
        told.addAll(question.ask(installation, host));
      }
      return such.test(told);
    } catch (RuntimeUnavailableException e) {
      return false;
    }
  }

  /** Asks until it is answered: busy machines take longer than a driver waits. */
  private List<FoundGroup> found(HostId host) {
    List<FoundGroup> found = new ArrayList<>();
    Waiting.until(
        "an answer of " + host,
        () -> {
          try {
            found.addAll(runtime.list(installation, host));
            return true;
          } catch (RuntimeUnavailableException e) {
            return false;
          }
        });
    return found;
  }

  /** Whether anything is there of a group on any host. */
  boolean onHosts(ContainerGroupId group) {
    return found().stream().anyMatch(found -> found.group().equals(group));
  }

  /** The attempts at containers of a group that are on hosts. */
  Set<Integer> attempts(ContainerGroupId group) {
    return found().stream()
        .filter(found -> found.group().equals(group))
        .flatMap(found -> found.containers().stream())
        .map(FoundGroup.FoundContainer::attempt)
        .collect(Collectors.toSet());
  }

  /** How often something happened to a group. */
  int events(ContainerGroupId group, String reason) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select coalesce(sum(count), 0) from group_event where group_id = ? and reason = ?",
            Integer.class,
            group.value(),
            reason));
  }

  /** In how many intervals a group is or was billed. */
  int intervals(ContainerGroupId group) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select count(*) from usage_interval where group_id = ?",
            Integer.class,
            group.value()));
  }

  /** Waits until a number of groups run that nobody tried to delete; what runs of them then. */
  Map<ContainerGroupId, Set<String>> awaitRunning(int groups, Told told) {
    Waiting.until(
        groups + " running groups, one of which stays",
        () -> {
          Set<ContainerGroupId> steady = steady(told);
          return steady.size() >= groups && told.keepOne(steady);
        });
    // Of others it may be an init container that runs, which ends by itself.
    Set<ContainerGroupId> steady = steady(told);
    Map<ContainerGroupId, Set<String>> running = running();
    running.keySet().retainAll(steady);
    return running;
  }

  private Set<ContainerGroupId> steady(Told told) {
    Set<ContainerGroupId> running = new HashSet<>(withStatus("Running"));
    running.retainAll(told.steady());
    return running;
  }

  /**
   * Fails unless the containers of groups that nobody deleted run on.
   *
   * @param before what ran
   */
  void mustStillRun(Map<ContainerGroupId, Set<String>> before, Told told) {
    Map<ContainerGroupId, Set<String>> now = running();
    // Asked after the look: until then clients may have deleted more of them.
    Map<ContainerGroupId, Set<String>> steady = new HashMap<>(before);
    steady.keySet().retainAll(told.steady());
    assertThat(steady).isNotEmpty();
    steady.forEach((group, ids) -> assertThat(now.getOrDefault(group, Set.of())).containsAll(ids));
  }

  /** Fails if any container was made a second time or restarted. */
  void nothingWasRestarted() {
    List<String> restarted =
        jdbc.queryForList(
            """
            select all_groups.id || ' ' || c::text
            from (select id, state from container_group
                  union all select id, record -> 'state' from container_group_history) all_groups,
                 jsonb_array_elements(all_groups.state -> 'containers') c
            where (c ->> 'attempt')::int > 1 or (c ->> 'restarts')::int > 0
            """,
            String.class);
    assertThat(restarted).isEmpty();
  }

  /** Fails if a group was billed for more than one interval. */
  void nothingWasBilledTwice() {
    assertThat(
            jdbc.queryForList(
                """
                select group_id from usage_interval group by group_id having count(*) > 1
                """,
                String.class))
        .isEmpty();
  }

  /** Waits until every group is where it stays: running, ended, or waiting for capacity. */
  void awaitSettled() {
    try {
      Waiting.until("rest", () -> inMotion().isEmpty());
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + ": " + inMotion(), late);
    }
  }

  /** The groups that are on their way to where they stay, for people. */
  List<String> inMotion() {
    return jdbc.queryForList(
        """
        select concat_ws(' ', id, status, reason, 'goal', goal, 'attention', attention_at, state)
        from container_group
        where status in ('Pending', 'Terminating')
           or (status = 'Scheduling' and host_id is not null)
           or (final_at is not null and host_id is not null and released_at is null)
        """,
        String.class);
  }

  /** Has all groups deleted and fails unless they end and leave nothing behind. */
  void deleteAll(PodyardClient client) {
    for (String id : jdbc.queryForList("select id from container_group", String.class)) {
      Waiting.until("an answer to the delete of " + id, () -> isDeletedBy(client, id));
    }
    Waiting.until(
        "the end of all groups",
        () -> jdbc.queryForList("select id from container_group limit 1", String.class).isEmpty());
    assertThat(running()).isEmpty();
    assertThat(jdbc.queryForList("select group_id from reservation", String.class)).isEmpty();
    assertThat(
            jdbc.queryForList(
                "select group_id from usage_interval where ended_at is null", String.class))
        .isEmpty();
  }

  private static boolean isDeletedBy(PodyardClient client, String group) {
    try {
      DeleteContainerGroupResponse response =
          client.call(
              Action.DELETE_CONTAINER_GROUP,
              // With a token, repeating a delete that was made but not confirmed is a success.
              Map.of("ContainerGroupId", group, "Force", "true", "ClientToken", "all-" + group),
              DeleteContainerGroupResponse.class);
      return response.requestId() != null;
    } catch (PodyardCallException e) {
      if (e.httpStatus() != 503
          && !e.errorCode().equals(Optional.of(ErrorCode.LAST_TOKEN_PROCESSING))) {
        throw e;
      }
      return false;
    }
  }

  /** Durability is seen, not hoped for. */
  void mustBeDurable() {
    assertThat(jdbc.queryForObject("show fsync", String.class)).isEqualTo("on");
    assertThat(jdbc.queryForObject("show synchronous_commit", String.class)).isEqualTo("on");
  }

  @Override
  public void close() {
    runtime.close();
    closing.run();
  }
}
