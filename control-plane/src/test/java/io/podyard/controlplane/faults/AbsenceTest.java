package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody drove for a while, and meanwhile the machine of the hosts was started anew. */
class AbsenceTest {

  /** More would be more than the door lets the clocks of its callers differ. */
  private static final Duration ABSENCE = Duration.ofMinutes(10);

  private TestDatabase database;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatVanishedIsBilledUntilItWasLastSeen() throws Exception {
    List<ContainerGroupId> groups;
    try (SimulatedProcess hosts = hosts();
        Plane plane = plane(hosts, Clock.offset(Clock.systemUTC(), ABSENCE.negated()));
        Inspection inspection = inspection(hosts)) {
      groups = List.of(create(plane, "Always"), create(plane, "Never"));
      Waiting.until("running groups", () -> inspection.allAre(groups, "Running"));
      Waiting.until("a proof of their lives", this::allProved);
    }
    Instant seen = proof();

    try (SimulatedProcess hosts = hosts();
        Plane plane = plane(hosts, Clock.systemUTC());
        Inspection inspection = inspection(hosts)) {
      Waiting.until("the end of the groups", () -> inspection.allAre(groups, "Failed"));
      assertThat(plane.holdsShards()).isTrue();
      assertThat(ends()).hasSize(2).containsOnly(seen.truncatedTo(ChronoUnit.SECONDS));
      assertThat(seen).isBefore(Instant.now().minus(ABSENCE));
      // From then on the new driver proves again.
      Waiting.until("a new proof", () -> proof().isAfter(seen.plus(ABSENCE.dividedBy(2))));
      inspection.mustBeContent();
    }
  }

  /** Started again it has forgotten everything. */
  private static SimulatedProcess hosts() throws Exception {
    return SimulatedProcess.start("absence", 1, "16vCPU/64GiB");
  }

  private Plane plane(SimulatedProcess hosts, Clock clock) throws Exception {
    return Plane.start(
        new Plane.Database(database.url(), database.userName(), database.password()),
        hosts,
        CommitPoints.NONE,
        Map.of(),
        clock);
  }

  private Inspection inspection(SimulatedProcess hosts) {
    return Inspection.of(database.url(), database.userName(), database.password(), hosts.socket());
  }

  private static ContainerGroupId create(Plane plane, String restartPolicy) {
    return new ContainerGroupId(
        plane
            .client()
            .call(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ContainerGroupName",
                    "absence",
                    "RestartPolicy",
                    restartPolicy,
                    "Container.1.Name",
                    "app",
                    "Container.1.Image",
                    "podyard/app:1"),
                CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private boolean allProved() {
    return Boolean.TRUE.equals(
        database
            .jdbc()
            .queryForObject(
                """
                select coalesce((select min(p.seen_at) from proof_of_life p)
                                  > (select max(g.running_at) from container_group g), false)
                """,
                Boolean.class));
  }

  private Instant proof() {
    OffsetDateTime seen =
        database
            .jdbc()
            .queryForObject("select min(seen_at) from proof_of_life", OffsetDateTime.class);
    assertThat(seen).isNotNull();
    return seen.toInstant();
  }

  private List<Instant> ends() {
    return database
        .jdbc()
        .query(
            "select ended_at from usage_interval",
            (row, n) -> row.getObject(1, OffsetDateTime.class).toInstant());
  }
}
