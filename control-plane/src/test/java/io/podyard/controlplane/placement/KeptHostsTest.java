package io.podyard.controlplane.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.Taken;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class KeptHostsTest {

  private static final RegionId REGION = new RegionId("r");
  private static final Size ONE = Size.of(1000, 1024);
  private static final ContainerGroupId LARGE = new ContainerGroupId("large");
  private static final ContainerGroupId SMALL = new ContainerGroupId("small");

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private KeptHosts kept;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    kept = new KeptHosts(jdbc, database.transaction());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aKeptHostTakesTheOneGroupAndNobodyElseUntilItIsGivenBack() {
    TestHosts.add(jdbc, 1, Size.of(4000, 8192));
    assertThat(kept.keep(LARGE, host(1), REGION)).isTrue();
    assertThat(reserve(SMALL)).isEmpty();
    assertThat(reserve(LARGE)).containsOnlyKeys(LARGE);

    assertThat(kept.groups()).containsExactly(LARGE);
    assertThat(kept.giveBack(Set.of(LARGE))).isTrue();
    assertThat(kept.giveBack(Set.of(LARGE))).isFalse();
    assertThat(reserve(SMALL)).containsOnlyKeys(SMALL);
  }

  @Test
  void whatNobodyGoesOnWithIsOverByItself() {
    TestHosts.add(jdbc, 1, Size.of(4000, 8192));
    assertThat(kept.keep(LARGE, host(1), REGION)).isTrue();
    jdbc.update("update host set kept_until = now() + interval '1 s'");
    kept.goOn(Set.of(LARGE));
    assertThat(secondsLeft()).isBetween(20.0, 30.0);

    jdbc.update(
        "update host set state = 'CORDONED', cordoned_at = now(), kept_until = now() + interval '1"
            + " s'");
    kept.goOn(Set.of(LARGE));
    assertThat(secondsLeft()).as("of a host that takes nothing").isLessThan(2);

    jdbc.update(
        "update host set state = 'READY', cordoned_at = null, kept_until = now() - interval '1 s'");
    assertThat(reserve(SMALL)).containsOnlyKeys(SMALL);
    assertThat(kept.giveBack(Set.of())).isTrue();
    assertThat(kept.groups()).isEmpty();
  }

  @Test
  void everyPictureSeesIt() {
    TestHosts.add(jdbc, 1, Size.of(4000, 8192));
    Placement placement = new Placement(new Inventory(jdbc));
    placement.open(List.of(host(1)));
    assertThat(kept.keep(LARGE, host(1), REGION)).isTrue();
    placement.renew();
    PlacementRequest request = PlacementRequest.anywhereIn(REGION, ONE);

    assertThat(placement.pick(placement.withKeptHost(SMALL, request))).isEmpty();
    assertThat(placement.explain(request).sentence()).contains("1 kept for a larger request");
    assertThat(placement.pick(placement.withKeptHost(LARGE, request)))
        .map(Placement.Pick::host)
        .isEqualTo(Optional.of(host(1)));
  }

  @Test
  void oneInTenHostsCanBeKeptAndOneInAnyCaseHoweverManyAskAtOnce() throws Exception {
    TestHosts.add(jdbc, 5, Size.of(4000, 8192));
    assertThat(keepAllAtOnce(5)).isEqualTo(1);
    assertThat(kept.giveBack(kept.groups())).isTrue();
    TestHosts.addMore(jdbc, 6, 25, Size.of(4000, 8192));
    assertThat(keepAllAtOnce(25)).isEqualTo(2);
  }

  private int keepAllAtOnce(int hosts) throws Exception {
    try (ExecutorService processes = Executors.newFixedThreadPool(6)) {
      List<Future<Boolean>> asked =
          IntStream.rangeClosed(1, hosts)
              .mapToObj(
                  i ->
                      processes.submit(
                          () -> kept.keep(new ContainerGroupId("g" + i), host(i), REGION)))
              .toList();
      int granted = 0;
      for (Future<Boolean> one : asked) {
        granted += one.get() ? 1 : 0;
      }
      return granted;
    }
  }

  @Test
  void aGroupHasOneAndAHostThatIsNotReadyIsNotKept() {
    TestHosts.add(jdbc, 40, Size.of(4000, 8192));
    jdbc.update("update host set state = 'CORDONED', cordoned_at = now() where id = 'h2'");
    assertThat(kept.keep(LARGE, host(1), REGION)).isTrue();
    assertThat(kept.keep(LARGE, host(3), REGION)).isFalse();
    assertThat(kept.keep(SMALL, host(1), REGION)).isFalse();
    assertThat(kept.keep(SMALL, host(2), REGION)).isFalse();
    assertThat(kept.keep(SMALL, host(41), REGION)).isFalse();
    assertThat(kept.keep(SMALL, host(4), new RegionId("other"))).isFalse();
  }

  private double secondsLeft() {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select extract(epoch from kept_until - now()) from host", Double.class));
  }

  private Map<ContainerGroupId, Reservations.Grant> reserve(ContainerGroupId group) {
    return Objects.requireNonNull(
        database
            .transaction()
            .execute(
                status ->
                    new Reservations(jdbc)
                        .reserve(List.of(new Reservations.Need(group, host(1), Taken.of(ONE))))));
  }

  private static HostId host(int number) {
    return new HostId("h" + number);
  }
}
