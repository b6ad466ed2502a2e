package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Something is wrong with one group: the others go on, and so does it once that is over. */
class PoisonTest {

  /** The group that the runtime throws for. */
  private volatile String thrownFor = "";

  /** By how much the server's clock is ahead of the real one. */
  private volatile Duration ahead = Duration.ZERO;

  private final AtomicInteger thrown = new AtomicInteger();
  private SimulatedProcess hosts;
  private TestDatabase database;
  private Plane plane;
  private Inspection inspection;

  @BeforeEach
  void start() throws Exception {
    hosts = SimulatedProcess.start("poison", 1, "16vCPU/64GiB");
    database = TestDatabase.create();
    CommitPoints points =
        (name, side) -> {
          if (thrownFor.equals(MDC.get(LogScope.GROUP)) && name.equals("createContainer")) {
            thrown.incrementAndGet();
            throw new IllegalStateException("on purpose");
          }
        };
    plane =
        Plane.start(
            new Plane.Database(database.url(), database.userName(), database.password()),
            hosts,
            points,
            Map.of(),
            new Ahead());
    inspection =
        Inspection.of(database.url(), database.userName(), database.password(), hosts.socket());
  }

  @AfterEach
  void judgeAndStop() throws Exception {
    inspection.mustBeContent();
    inspection.deleteAll(plane.client());
    inspection.mustBeContent();
    inspection.close();
    plane.close();
    hosts.close();
    database.close();
  }

  @Test
  void rowsThatCannotBeReadHoldUpNobody() {
    ContainerGroupId running = create("running", "8");
    await(running, "Running");
    ContainerGroupId waiting = create("waiting", "16");
    String good = spec(running);
    String goodToo = spec(waiting);
    store(running, "{\"size\": 7}");
    store(waiting, "{\"size\": 7}");

    ContainerGroupId next = create("next", "8");
    await(next, "Running");
    delete(next);
    ContainerGroupId last = create("last", "8");
    await(last, "Running");
    assertThat(inspection.allAre(Set.of(running), "Running")).isTrue();
    assertThat(inspection.allAre(Set.of(waiting), "Scheduling")).isTrue();

    store(running, good);
    store(waiting, goodToo);
    delete(running);
    delete(last);
    // It may have been left aside for a minute.
    ahead = Duration.ofMinutes(1);
    await(waiting, "Running");
  }

  @Test
  void aRuntimeThatThrowsForOneGroupDrivesTheOthers() {
    ContainerGroupId first = create("first", "16");
    await(first, "Running");
    // It waits, so that nothing is made of it before its id is known.
    ContainerGroupId poisoned = create("poisoned", "8");
    thrownFor = poisoned.value();
    delete(first);
    Waiting.until("a runtime that throws", () -> thrown.get() >= 2);
    ContainerGroupId beside = create("beside", "4");
    await(beside, "Running");
    delete(beside);
    assertThat(inspection.allAre(Set.of(poisoned), "Pending", "Scheduling")).isTrue();

    thrownFor = "";
    await(poisoned, "Running");
  }

  private void store(ContainerGroupId group, String spec) {
    assertThat(
            database
                .jdbc()
                .update(
                    "update container_group set spec = ?::jsonb where id = ?", spec, group.value()))
        .isEqualTo(1);
  }

  private String spec(ContainerGroupId group) {
    return String.valueOf(
        database
            .jdbc()
            .queryForObject(
                "select spec from container_group where id = ?", String.class, group.value()));
  }

  private void await(ContainerGroupId group, String status) {
    Waiting.until(group + " is " + status, () -> inspection.allAre(Set.of(group), status));
  }

  private ContainerGroupId create(String name, String cpu) {
    return new ContainerGroupId(
        plane
            .client()
            .call(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ContainerGroupName",
                    name,
                    "Cpu",
                    cpu,
                    "Memory",
                    cpu,
                    "TerminationGracePeriodSeconds",
                    "1",
                    "Container.1.Name",
                    "app",
                    "Container.1.Image",
                    "podyard/app:1"),
                CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private void delete(ContainerGroupId group) {
    new PatientClient(plane::client, new Told()).delete(group, true);
    Waiting.until(
        "the end of " + group,
        () ->
            database
                .jdbc()
                .queryForList(
                    "select 1 from container_group where id = ?", Integer.class, group.value())
                .isEmpty());
  }

  private final class Ahead extends Clock {

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
