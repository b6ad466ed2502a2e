package io.podyard.controlplane.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

class ReservationsTest {

  private static final Size ONE = Size.of(1000, 1024);

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private Reservations reservations;

  @BeforeEach
  void addHosts() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    reservations = new Reservations(jdbc);
    TestHosts.add(jdbc, 2, Size.of(4000, 8192));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aHostGivesWhatItHasInTheOrderOfTheNeedsAndNoMore() {
    Map<ContainerGroupId, Reservations.Grant> grants =
        reserve(IntStream.range(0, 6).mapToObj(i -> need("g" + i, "h1", ONE)).toList());
    assertThat(grants.keySet())
        .extracting(ContainerGroupId::value)
        .containsExactlyInAnyOrder("g0", "g1", "g2", "g3");
    assertThat(reserved("h1")).isEqualTo(4000);
  }

  @Test
  void aLargeNeedThatDoesNotFitDoesNotHoldUpASmallOne() {
    Map<ContainerGroupId, Reservations.Grant> grants =
        reserve(List.of(need("large", "h1", Size.of(5000, 1024)), need("small", "h1", ONE)));
    assertThat(grants).containsOnlyKeys(new ContainerGroupId("small"));
  }

  @Test
  void releasingTwiceGivesBackOnce() {
    reserve(List.of(need("a", "h1", ONE), need("b", "h1", ONE)));
    assertThat(release("a")).hasSize(1);
    assertThat(release("a")).isEmpty();
    assertThat(reserved("h1")).isEqualTo(1000);
  }

  @Test
  void aCordonedOrUnknownHostGivesNothing() {
    jdbc.update("update host set state = 'CORDONED', cordoned_at = now() where id = 'h1'");
    assertThat(reserve(List.of(need("a", "h1", ONE), need("b", "h9", ONE)))).isEmpty();
  }

  @Test
  void theDatabaseItselfRefusesToOverCommit() {
    assertThatThrownBy(
            () -> jdbc.update("update host set reserved_milli_cpu = 4001 where id = 'h1'"))
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("never_over_committed");
  }

  @Test
  void manyAtOnceOnTwoHostsNeverOverCommitNorBlockEachOther() {
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (int t = 0; t < 6; t++) {
        int thread = t;
        threads.execute(() -> reserveAndReleaseAtRandom(thread));
      }
    }
    Integer sum =
        jdbc.queryForObject(
            "select coalesce(sum(milli_cpu), 0) from reservation where host_id = 'h1'",
            Integer.class);
    assertThat(reserved("h1")).isEqualTo(Objects.requireNonNull(sum));
    assertThat(reserved("h1")).isLessThanOrEqualTo(4000);
  }

  private void reserveAndReleaseAtRandom(int thread) {
    Random random = new Random(thread);
    for (int i = 0; i < 40; i++) {
      String a = "g-%d-%d-a".formatted(thread, i);
      String b = "g-%d-%d-b".formatted(thread, i);
      reserve(
          random.nextBoolean()
              ? List.of(need(a, "h1", ONE), need(b, "h2", ONE))
              : List.of(need(a, "h2", ONE), need(b, "h1", ONE)));
      if (random.nextInt(4) > 0) {
        release(a);
        release(b);
      }
    }
  }

  private static Reservations.Need need(String group, String host, Size size) {
    return new Reservations.Need(new ContainerGroupId(group), new HostId(host), size);
  }

  private Map<ContainerGroupId, Reservations.Grant> reserve(List<Reservations.Need> needs) {
    return Objects.requireNonNull(
        database.transaction().execute(status -> reservations.reserve(needs)));
  }

  private List<Reservations.Released> release(String group) {
    return Objects.requireNonNull(
        database
            .transaction()
            .execute(status -> reservations.release(List.of(new ContainerGroupId(group)))));
  }

  private int reserved(String host) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select reserved_milli_cpu from host where id = ?", Integer.class, host));
  }
}
