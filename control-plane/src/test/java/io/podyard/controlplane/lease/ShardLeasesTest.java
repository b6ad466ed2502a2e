package io.podyard.controlplane.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.runtime.StaleFenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class ShardLeasesTest {

  private TestDatabase database;

  @BeforeEach
  void createShard() {
    database = TestDatabase.create();
    database.jdbc().update("insert into shard_lease (shard) values (0)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void oneHolderAtATimeAndTheEpochGrowsWithEach() {
    try (ShardLeases first = leases("a")) {
      first.start();
      Waiting.until(() -> first.held(0).isPresent());
      assertThat(first.held(0).orElseThrow().epoch()).isEqualTo(1);
      try (ShardLeases second = leases("b")) {
        second.start();
        Waiting.during(Duration.ofSeconds(3), () -> second.held(0).isEmpty());
        first.close();
        Waiting.until(() -> second.held(0).isPresent());
        assertThat(second.held(0).orElseThrow().epoch()).isEqualTo(2);
      }
    }
  }

  @Test
  void aHolderThatCannotRenewStopsBeforeTheDatabaseGivesTheShardAway() {
    AtomicLong offset = new AtomicLong();
    ShardLeases leases =
        new ShardLeases(database.dataSource(), "a", () -> System.nanoTime() + offset.get());
    try (leases) {
      leases.start();
      Waiting.until(() -> leases.held(0).isPresent());
      ShardLeases.ShardLease lease = leases.held(0).orElseThrow();
      offset.set(ShardLeases.TIME_TO_LIVE.minus(ShardLeases.MARGIN).plusMillis(1).toNanos());
      assertThat(lease.valid()).isFalse();
      assertThatThrownBy(lease::check).isInstanceOf(StaleFenceException.class);
      assertThat(
              database
                  .jdbc()
                  .queryForObject(
                      "select expires_at > clock_timestamp() from shard_lease", Boolean.class))
          .isTrue();
    }
  }

  @Test
  void aLeaseThatLapsedForAMomentIsToldOfAgain() {
    AtomicLong offset = new AtomicLong();
    AtomicInteger told = new AtomicInteger();
    try (ShardLeases leases =
        new ShardLeases(database.dataSource(), "a", () -> System.nanoTime() + offset.get())) {
      leases.addListener(
          new ShardLeases.Listener() {
            @Override
            public void acquired(ShardLeases.ShardLease lease) {
              told.incrementAndGet();
            }

            @Override
            public void lost(int shard) {}
          });
      leases.start();
      Waiting.until(() -> leases.held(0).isPresent() && told.get() == 1);

      offset.set(ShardLeases.TIME_TO_LIVE.minus(ShardLeases.MARGIN).plusMillis(1).toNanos());

      Waiting.until("the news", () -> told.get() > 1 && leases.held(0).isPresent());
    }
  }

  @Test
  void errorsEndNeitherTheRenewalsNorWhatOthersHear() {
    AtomicInteger refused = new AtomicInteger(2);
    DataSource connections =
        new DelegatingDataSource(database.dataSource()) {
          @Override
          public Connection getConnection() throws SQLException {
            if (refused.getAndDecrement() > 0) {
              throw new OutOfMemoryError("on purpose");
            }
            return super.getConnection();
          }
        };
    AtomicInteger acquired = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    try (ShardLeases leases = new ShardLeases(connections, "a", System::nanoTime)) {
      leases.addListener(
          new ShardLeases.Listener() {
            @Override
            public void acquired(ShardLeases.ShardLease lease) {
              throw new StackOverflowError("on purpose");
            }

            @Override
            public void lost(int shard) {
              throw new StackOverflowError("on purpose");
            }
          });
      leases.addListener(
          new ShardLeases.Listener() {
            @Override
            public void acquired(ShardLeases.ShardLease lease) {
              acquired.incrementAndGet();
            }

            @Override
            public void lost(int shard) {
              lost.incrementAndGet();
            }
          });
      leases.start();
      Waiting.until("a lease", () -> leases.held(0).isPresent() && acquired.get() == 1);
      assertThat(refused).hasValueLessThanOrEqualTo(0);

      database.jdbc().update("update shard_lease set epoch = epoch + 1");
      Waiting.until("a loss", () -> lost.get() == 1);
      Waiting.until("another lease", () -> leases.held(0).isPresent() && acquired.get() == 2);
    }
  }

  @Test
  void aHolderThatDiedIsReplacedOnceItsLeaseIsOver() {
    ShardLeases dead = leases("a");
    dead.start();
    Waiting.until(() -> dead.held(0).isPresent());
    long epoch = dead.held(0).orElseThrow().epoch();
    dead.abandon();
    long start = System.nanoTime();
    try (ShardLeases next = leases("b")) {
      next.start();
      Waiting.until(() -> next.held(0).isPresent());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      assertThat(next.held(0).orElseThrow().epoch()).isEqualTo(epoch + 1);
    }
  }

  @Test
  void processesThatLiveShareTheShardsAndHandThemOverOneByOne() throws SQLException {
    addShards(8);
    try (ShardLeases a = stepped("a");
        ShardLeases b = stepped("b");
        ShardLeases c = stepped("c")) {
      Duration _ = a.round();
      assertThat(a.shards()).hasSize(8);

      untilShared(List.of(a, b), 4, 4);
      Set<Integer> before = Set.copyOf(b.shards());
      untilShared(List.of(a, b, c), 3, 3, 2);
      assertThat(before).as("nothing moves that need not").containsAll(b.shards());

      // b dies: what it had goes to both of the others at once.
      database
          .jdbc()
          .update("update lease_holder set expires_at = now() - interval '1 s' where holder = 'b'");
      database
          .jdbc()
          .update("update shard_lease set expires_at = now() - interval '1 s' where holder = 'b'");
      Duration _ = a.round();
      Duration _ = c.round();
      assertThat(List.of(a.shards().size(), c.shards().size())).containsExactly(4, 4);
      assertThat(a.shards()).doesNotContainAnyElementsOf(c.shards());

      // And when it goes on, it has lost all, and gets its share again.
      Duration _ = b.round();
      assertThat(b.shards()).isEmpty();
      untilShared(List.of(a, b, c), 3, 3, 2);

      a.close();
      untilShared(List.of(b, c), 4, 4);
    }
  }

  /** Lets them go on in turn; never is a shard held twice, nor more than one idle on its way. */
  private void untilShared(List<ShardLeases> all, Integer... shares) throws SQLException {
    for (int round = 0; round < 60; round++) {
      for (ShardLeases one : all) {
        Duration _ = one.round();
        List<Integer> held = all.stream().flatMap(each -> each.shards().stream()).toList();
        assertThat(held).doesNotHaveDuplicates();
      }
      if (all.stream().map(each -> each.shards().size()).toList().equals(List.of(shares))) {
        return;
      }
      assertThat(free()).isLessThanOrEqualTo(all.size());
    }
    throw new AssertionError(
        "shares stay at " + all.stream().map(each -> each.shards().size()).toList());
  }

  private int free() {
    return Objects.requireNonNull(
        database
            .jdbc()
            .queryForObject(
                "select count(*) from shard_lease where expires_at < clock_timestamp()",
                Integer.class));
  }

  @Test
  void aShardIsGivenWhenItsWorkIsDoneOrItsTimeIsOver() throws SQLException {
    addShards(2);
    AtomicBoolean busy = new AtomicBoolean(true);
    AtomicLong time = new AtomicLong();
    List<Integer> lost = new ArrayList<>();
    try (ShardLeases a =
            new ShardLeases(database.dataSource(), "a", time::get, Duration.ofHours(1));
        ShardLeases b = stepped("b")) {
      a.addListener(
          new ShardLeases.Listener() {
            @Override
            public void acquired(ShardLeases.ShardLease lease) {}

            @Override
            public void lost(int shard) {
              lost.add(shard);
            }

            @Override
            public boolean isBusy(int shard) {
              return busy.get();
            }
          });
      Duration _ = a.round();
      ShardLeases.ShardLease given = a.held(1).orElseThrow();
      for (int i = 0; i < 5; i++) {
        Duration _ = b.round();
        Duration _ = a.round();
      }
      assertThat(lost).containsExactly(1);
      assertThat(given.valid()).as("nothing new is begun").isFalse();
      assertThat(b.shards()).as("what was begun is not done yet").isEmpty();

      busy.set(false);
      Duration _ = a.round();
      Duration _ = b.round();
      assertThat(b.held(1).orElseThrow().epoch()).isEqualTo(2);

      b.close();
      Duration _ = a.round();
      assertThat(a.shards()).containsExactlyInAnyOrder(0, 1);
      busy.set(true);
      try (ShardLeases next = stepped("c")) {
        for (int i = 0; i < 5; i++) {
          Duration _ = next.round();
          Duration _ = a.round();
        }
        assertThat(next.shards()).isEmpty();
        time.addAndGet(Duration.ofHours(1).toNanos());
        Duration _ = a.round();
        Duration _ = next.round();
        assertThat(next.shards()).hasSize(1);
      }
    }
  }

  @Test
  void aProcessOfAReleaseWithoutARowCountsAsLongAsItHoldsSomething() throws SQLException {
    addShards(4);
    database
        .jdbc()
        .update(
            """
            update shard_lease set holder = 'predecessor', epoch = 1,
                                   expires_at = now() + interval '1 hour'
            where shard = 0
            """);
    try (ShardLeases a = stepped("a")) {
      Duration _ = a.round();
      assertThat(a.shards()).containsExactlyInAnyOrder(1, 2);
      database.jdbc().update("update shard_lease set expires_at = '-infinity' where shard = 0");
      Duration _ = a.round();
      assertThat(a.shards()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }
  }

  @Test
  void sharesAddUpWhateverTheNumbers() {
    for (int shards = 0; shards <= 20; shards++) {
      for (int processes = 1; processes <= 12; processes++) {
        int sum = 0;
        for (int rank = 0; rank < processes; rank++) {
          int share = new Standing(shards, 0, processes, rank, Standing.NEVER).share();
          assertThat(share).isBetween(shards / processes, shards / processes + 1);
          sum += share;
        }
        assertThat(sum).isEqualTo(shards);
      }
    }
  }

  private void addShards(int all) {
    for (int shard = 1; shard < all; shard++) {
      database.jdbc().update("insert into shard_lease (shard) values (?)", shard);
    }
  }

  /** One whose rounds the test does, and whose leases no slow machine lets end. */
  private ShardLeases stepped(String holder) {
    return new ShardLeases(database.dataSource(), holder, System::nanoTime, Duration.ofHours(1));
  }

  private ShardLeases leases(String holder) {
    return new ShardLeases(database.dataSource(), holder, System::nanoTime);
  }
}
