package io.podyard.controlplane.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.scheduler.Taken;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
  void gpusAreReservedByDeviceAndGivenBack() {
    gpus("h1", 3);
    Taken first = new Taken(ONE, 0, 0b001, 700);
    Taken rest = new Taken(ONE, 0, 0b001, 300);
    Taken two = new Taken(ONE, 0, 0b110, 1000);
    assertThat(
            reserve(
                    List.of(
                        need("a", "h1", first),
                        need("too-much", "h1", new Taken(ONE, 0, 0b001, 301)),
                        need("b", "h1", two),
                        need("taken", "h1", new Taken(ONE, 0, 0b010, 1)),
                        need("not-there", "h1", new Taken(ONE, 0, 0b1000, 1)),
                        need("c", "h1", rest)))
                .keySet())
        .extracting(ContainerGroupId::value)
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(gpus("h1")).isEqualTo("{1000,1000,1000}");
    assertThat(release("b")).extracting(Reservations.Released::taken).containsExactly(two);
    assertThat(gpus("h1")).isEqualTo("{1000,0,0}");
    release("a");
    assertThat(gpus("h1")).isEqualTo("{300,0,0}");
    jdbc.update("delete from reservation where group_id = 'c'");
    assertThat(gpus("h1")).as("given back by whoever ends the reservation").isEqualTo("{0,0,0}");
  }

  @Test
  void theDatabaseItselfRefusesToGiveAGpuTwice() {
    gpus("h1", 1);
    reserve(List.of(need("a", "h1", new Taken(ONE, 0, 1, 600))));
    assertThatThrownBy(
            () ->
                jdbc.update(
                    "insert into reservation (group_id, host_id, milli_cpu, memory_mib,"
                        + " gpu_devices, gpu_milli_each) values ('b', 'h1', 1, 1, 1, 500)"))
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void aDiskIsCountedOnceItsSizeIsKnown() {
    Taken withDisk = new Taken(ONE, 30_000, 0, 0);
    jdbc.update("update host set allocatable_disk_mib = 60000 where id = 'h1'");
    assertThat(
            reserve(
                    List.of(
                        need("a", "h1", withDisk),
                        need("b", "h1", withDisk),
                        need("full", "h1", withDisk),
                        need("not-counted", "h2", withDisk)))
                .keySet())
        .extracting(ContainerGroupId::value)
        .containsExactlyInAnyOrder("a", "b", "not-counted");
    release("a");
    assertThat(grow("b", 70_000)).isEmpty();
    assertThat(grow("b", 50_000)).hasSize(1);
    assertThat(reservedDisk("h1")).isEqualTo(50_000);
    release("b");
    assertThat(reservedDisk("h1")).isZero();
  }

  @Test
  void onAHostThatIsKeptForAnotherNobodyGrows() {
    jdbc.update("update host set allocatable_disk_mib = 60000 where id = 'h1'");
    reserve(List.of(need("a", "h1", new Taken(ONE, 30_000, 0, 0))));
    keep("large", "now() + interval '1 minute'");
    assertThat(grow("a", Size.of(1001, 1024), 30_000)).isEmpty();
    assertThat(grow("a", Size.of(1000, 1025), 30_000)).isEmpty();
    assertThat(grow("a", ONE, 30_001)).isEmpty();
    assertThat(grow("a", Size.of(500, 512), 30_000)).as("it takes nothing").hasSize(1);
    assertThat(reserved("h1")).isEqualTo(1000);
    assertThat(reservedDisk("h1")).isEqualTo(30_000);

    keep("a", "now() + interval '1 minute'");
    assertThat(grow("a", Size.of(1001, 1024), 30_000)).hasSize(1);
    keep("large", "now() - interval '1 second'");
    assertThat(grow("a", Size.of(1002, 1025), 30_001)).as("that is over").hasSize(1);
    assertThat(reserved("h1")).isEqualTo(1002);
  }

  private void keep(String group, String until) {
    jdbc.update("update host set kept_for = ?, kept_until = " + until + " where id = 'h1'", group);
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
    return need(group, host, Taken.of(size));
  }

  private static Reservations.Need need(String group, String host, Taken taken) {
    return new Reservations.Need(new ContainerGroupId(group), new HostId(host), taken);
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

  private Set<ContainerGroupId> grow(String group, int diskMib) {
    return grow(group, ONE, diskMib);
  }

  private Set<ContainerGroupId> grow(String group, Size size, int diskMib) {
    Reservations.Hold hold = new Reservations.Hold(new ContainerGroupId(group), size, diskMib);
    return Objects.requireNonNull(
        database.transaction().execute(status -> reservations.grow(List.of(hold))));
  }

  private void gpus(String host, int count) {
    jdbc.update(
        "update host set gpu_reserved_milli = array_fill(0, array[?]) where id = ?", count, host);
  }

  private @Nullable String gpus(String host) {
    return jdbc.queryForObject(
        "select gpu_reserved_milli::text from host where id = ?", String.class, host);
  }

  private int reservedDisk(String host) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select reserved_disk_mib from host where id = ?", Integer.class, host));
  }

  private int reserved(String host) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select reserved_milli_cpu from host where id = ?", Integer.class, host));
  }
}
