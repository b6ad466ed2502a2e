package io.podyard.controlplane.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.runtime.StaleFenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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

  private ShardLeases leases(String holder) {
    return new ShardLeases(database.dataSource(), holder, System::nanoTime);
  }
}
