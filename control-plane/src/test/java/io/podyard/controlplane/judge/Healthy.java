package io.podyard.controlplane.judge;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.controlplane.faults.Plane;
import io.podyard.controlplane.faults.SimulatedProcess;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupRuntime;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An installation that a real server has filled with one group of each kind and then left: nothing
 * changes any more unless a test does it.
 */
final class Healthy implements AutoCloseable {

  private final SimulatedProcess process;
  private final TestDatabase database;
  private final SimulatedPool pool;
  private final GroupRuntime runtime;
  private final InstallationId installation;
  private final Map<String, ContainerGroupId> groups = new LinkedHashMap<>();
  private final Map<HostId, GroupRuntime> hosts = new TreeMap<>();

  Healthy() throws Exception {
    process = SimulatedProcess.start("judge", 2, "20vCPU/80GiB");
    database = TestDatabase.create();
    pool = SimulatedPool.connect(process.socket());
    runtime = pool.runtime(InstantSource.system());
    try (Plane plane =
        Plane.start(
            new Plane.Database(database.url(), database.userName(), database.password()),
            process,
            CommitPoints.NONE,
            Map.of())) {
      // The largest first: then the next one gets the other host and nothing else its room.
      create(plane, "large", "16", "32", "podyard/app:1");
      create(plane, "running", "8", "16", "podyard/app:1");
      create(plane, "pending", "0.5", "1", "podyard/not-found:1");
      create(plane, "succeeded", "0.5", "1", "podyard/exit-0:1");
      create(plane, "deleted", "0.5", "1", "podyard/app:1");
      awaitStatus("large", "Running");
      awaitStatus("running", "Running");
      awaitStatus("deleted", "Running");
      create(plane, "waiting", "16", "32", "podyard/app:1");
      delete(plane, "deleted");
      awaitStatus("pending", "Pending");
      Waiting.until("the end of one", () -> "over".equals(status("succeeded")));
      Waiting.until("the end of another", () -> status("deleted") == null);
    }
    Inventory inventory = new Inventory(database.jdbc());
    installation = inventory.installation();
    inventory.hosts().forEach(host -> hosts.put(host.snapshot().id(), runtime));
  }

  private void create(Plane plane, String name, String cpu, String memory, String image) {
    CreateContainerGroupResponse created =
        plane
            .client()
            .call(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ContainerGroupName", name,
                    "Cpu", cpu,
                    "Memory", memory,
                    "RestartPolicy", name.equals("succeeded") ? "Never" : "Always",
                    "Container.1.Name", "app",
                    "Container.1.Image", image),
                CreateContainerGroupResponse.class);
    groups.put(name, new ContainerGroupId(Objects.requireNonNull(created.containerGroupId())));
  }

  private void delete(Plane plane, String name) {
    DeleteContainerGroupResponse deleted =
        plane
            .client()
            .call(
                Action.DELETE_CONTAINER_GROUP,
                Map.of("ContainerGroupId", id(name).value()),
                DeleteContainerGroupResponse.class);
    Objects.requireNonNull(deleted.requestId());
  }

  private void awaitStatus(String name, String status) {
    Waiting.until(name + " to be " + status, () -> status.equals(status(name)));
  }

  /** Its status, {@code over} if nothing of it is on a host any more, null without a record. */
  private @Nullable String status(String name) {
    return database
        .jdbc()
        .queryForList(
            "select case when released_at is null then status else 'over' end"
                + " from container_group where id = ?",
            String.class,
            id(name).value())
        .stream()
        .findFirst()
        .orElse(null);
  }

  /**
   * The id of a group: {@code large}, {@code running}, {@code pending}, {@code succeeded} and gone
   * from its host, {@code waiting} for a host, {@code deleted}.
   */
  ContainerGroupId id(String name) {
    return Objects.requireNonNull(groups.get(name), name);
  }

  /** The host a group is or was on. */
  HostId hostOf(String name) {
    return new HostId(
        Objects.requireNonNull(
            database
                .jdbc()
                .queryForObject(
                    "select host_id from container_group where id = ?",
                    String.class,
                    id(name).value())));
  }

  /** The one of the two hosts that a group is not on. */
  HostId otherThan(String name) {
    HostId host = hostOf(name);
    return hosts.keySet().stream().filter(other -> !other.equals(host)).findFirst().orElseThrow();
  }

  /**
   * Text with {@code {account}} for the id of the account and {@code {name}} for the ids of groups,
   * {@code {name.host}} and {@code {name.other}}.
   */
  String fill(String text) {
    String filled = text.replace("{account}", account());
    for (String name : groups.keySet()) {
      filled = filled.replace("{" + name + "}", id(name).value());
      if (filled.contains("{" + name + ".")) {
        filled =
            filled
                .replace("{" + name + ".host}", hostOf(name).value())
                .replace("{" + name + ".other}", otherThan(name).value());
      }
    }
    return filled;
  }

  private String account() {
    return Objects.requireNonNull(
        database.jdbc().queryForObject("select id from account", String.class));
  }

  Judge judge(JdbcTemplate jdbc) {
    return new Judge(jdbc, installation, hosts);
  }

  TestDatabase database() {
    return database;
  }

  SimulatedProcess process() {
    return process;
  }

  InstallationId installation() {
    return installation;
  }

  @Override
  public void close() throws Exception {
    runtime.close();
    pool.close();
    process.close();
    database.close();
  }
}
