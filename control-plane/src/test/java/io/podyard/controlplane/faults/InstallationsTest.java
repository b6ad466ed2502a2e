package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Several installations on the same hosts, and one whose database is older than its hosts. */
class InstallationsTest {

  /** Not a multiple of the time between sweeps, so that it does not end just before one. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final double LARGEST_SHARE = 0.25;

  /** Sweeps come two seconds after one another, so no two of them fit into this time. */
  private static final Duration WITHIN_ONE_SWEEP = Duration.ofMillis(1_500);

  private SimulatedProcess hosts;

  @BeforeEach
  void startHosts() throws Exception {
    // One host, so that all groups of an installation are in its share.
    hosts = SimulatedProcess.start("inst", 1, "64vCPU/256GiB");
  }

  @AfterEach
  void endHosts() throws Exception {
    hosts.close();
  }

  @Test
  void neitherTouchesTheOthersAndAnOlderDatabaseEmptiesNoHostAtOnce() throws Exception {
    Plane.Database other = newDatabase();
    Plane.Database ours = newDatabase();
    try (Plane others = plane(other);
        Inspection otherSide = inspection(other)) {
      runs(otherSide, create(others.client(), "other", 3));
      Map<ContainerGroupId, Set<String>> theirs = otherSide.running();

      Set<ContainerGroupId> old;
      try (Plane plane = plane(ours);
          Inspection ourSide = inspection(ours)) {
        old = create(plane.client(), "old", 2);
        runs(ourSide, old);
        assertThat(ourSide.running().keySet()).isEqualTo(old);
        assertThat(otherSide.running()).isEqualTo(theirs);
      }
      Plane.Database restored = copy(ours);
      Set<ContainerGroupId> young;
      Map<ContainerGroupId, Set<String>> before;
      try (Plane plane = plane(ours);
          Inspection ourSide = inspection(ours)) {
        young = create(plane.client(), "young", 12);
        runs(ourSide, young);
        before = ourSide.running();
        ourSide.mustBeContent();
      }

      olderDatabaseTakesOver(restored, young, before);

      assertThat(otherSide.running()).isEqualTo(theirs);
      otherSide.mustBeContent();
      otherSide.deleteAll(others.client());
    }
  }

  private void olderDatabaseTakesOver(
      Plane.Database restored,
      Set<ContainerGroupId> unknown,
      Map<ContainerGroupId, Set<String>> before)
      throws Exception {
    SweepLog log = new SweepLog(hosts.folder().resolve("sweep.log"));
    try (Inspection inspection = inspection(restored)) {
      assertThat(inspection.running()).isEqualTo(before);
      try (Plane plane = plane(restored, Map.of("logging.file.name", log.file().toString()))) {
        Waiting.until(
            "the end of what nobody knows",
            () -> Collections.disjoint(inspection.running().keySet(), unknown));
        List<Instant> removals = new ArrayList<>();
        for (ContainerGroupId group : unknown) {
          removals.add(log.removed(group));
          assertThat(Duration.between(log.reported(group), log.removed(group)))
              .as("between report and removal")
              .isGreaterThanOrEqualTo(GRACE);
        }
        neverMoreThanTheShare(removals, before.size());
        Map<ContainerGroupId, Set<String>> kept = new HashMap<>(before);
        kept.keySet().removeAll(unknown);
        assertThat(inspection.running()).isEqualTo(kept);
        inspection.mustBeContent();
        inspection.deleteAll(plane.client());
      }
    }
  }

  private Plane plane(Plane.Database database) throws Exception {
    return plane(database, Map.of());
  }

  private Plane plane(Plane.Database database, Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("podyard.orphan-grace", GRACE.toSeconds() + "s");
    return Plane.start(database, hosts, CommitPoints.NONE, settings);
  }

  private Inspection inspection(Plane.Database database) {
    return Inspection.of(database.url(), database.user(), database.password(), hosts.socket());
  }

  private static Plane.Database newDatabase() {
    TestDatabase database = TestDatabase.create();
    // All test databases are copies of one; each migrated on its own has an id of its own.
    assertThat(
            database
                .jdbc()
                .update("update installation set id = 'py' || left(md5(current_database()), 10)"))
        .isEqualTo(1);
    // Its connections would keep it from being copied.
    database.close();
    return new Plane.Database(database.url(), database.userName(), database.password());
  }

  /** As a backup of now that is restored later. */
  private static Plane.Database copy(Plane.Database original) {
    int name = original.url().lastIndexOf('/') + 1;
    String copy = original.url().substring(name) + "_restored";
    new JdbcTemplate(
            new DriverManagerDataSource(
                original.url().substring(0, name) + "postgres",
                original.user(),
                original.password()))
        .execute("create database %s template %s".formatted(copy, original.url().substring(name)));
    return new Plane.Database(
        original.url().substring(0, name) + copy, original.user(), original.password());
  }

  private static Set<ContainerGroupId> create(PodyardClient client, String name, int count) {
    Set<ContainerGroupId> groups = new HashSet<>();
    for (int i = 0; i < count; i++) {
      groups.add(
          new ContainerGroupId(
              client
                  .call(
                      Action.CREATE_CONTAINER_GROUP,
                      Map.of(
                          "ContainerGroupName", name + "-" + i,
                          "Container.1.Name", "app",
                          "Container.1.Image", "podyard/app:1"),
                      CreateContainerGroupResponse.class)
                  .containerGroupId()));
    }
    return groups;
  }

  private static void runs(Inspection inspection, Set<ContainerGroupId> groups) {
    Waiting.until("running groups", () -> inspection.allAre(groups, "Running"));
  }

  /** By the times at which the server began to remove them: whoever looks on may be late. */
  private static void neverMoreThanTheShare(List<Instant> removals, int there) {
    List<Instant> sorted = removals.stream().sorted().toList();
    for (Instant first : sorted) {
      assertThat(sorted)
          .filteredOn(at -> !at.isBefore(first) && at.isBefore(first.plus(WITHIN_ONE_SWEEP)))
          .as("removed at once of " + there)
          .hasSizeLessThanOrEqualTo((int) (there * LARGEST_SHARE));
    }
  }

  /** What a server says to operators of what it finds on hosts. */
  private record SweepLog(Path file) {

    Instant reported(ContainerGroupId group) throws IOException {
      return when("group " + group + " is on host");
    }

    Instant removed(ContainerGroupId group) throws IOException {
      return when("removing group " + group + " from host");
    }

    private Instant when(String words) throws IOException {
      try (Stream<String> lines = Files.lines(file)) {
        return lines
            .filter(line -> line.contains(words))
            .map(line -> OffsetDateTime.parse(line.substring(0, line.indexOf(' '))).toInstant())
            .findFirst()
            .orElseThrow(() -> new AssertionError("nobody was told: " + words));
      }
    }
  }
}
