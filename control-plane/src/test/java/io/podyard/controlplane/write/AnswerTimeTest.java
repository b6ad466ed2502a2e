package io.podyard.controlplane.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.podyard.controlplane.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** All that a request asks of the database shares one time, and no more. */
class AnswerTimeTest {

  private static final Duration TIME = Duration.ofMillis(1_500);

  /** Where waits added up it would be more than twice the time; a busy machine has the rest. */
  private static final Duration LONGEST = TIME.multipliedBy(2);

  private static final String TOO_LONG = "select 1 from pg_sleep(30)";

  private TestDatabase database;
  private HikariDataSource pool;
  private JdbcTemplate jdbc;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    pool = database.dataSource();
    pool.setConnectionTimeout(5_000);
    pool.setValidationTimeout(250);
    jdbc = new JdbcTemplate(new BoundedConnections(pool));
    assertThat(jdbc.queryForObject("select 1", Integer.class)).isEqualTo(1);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static <T> T inTime(Supplier<T> work) {
    return AnswerTime.within(TIME, work);
  }

  private static void failsInTime(Class<? extends Throwable> failure, ThrowingCallable work) {
    long asked = System.nanoTime();
    assertThatThrownBy(work).isInstanceOf(failure);
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(LONGEST);
  }

  private void sleep(double seconds) {
    assertThat(jdbc.queryForObject("select 1 from pg_sleep(%s)".formatted(seconds), Integer.class))
        .isEqualTo(1);
  }

  @Test
  void aSessionThatDoesNotAnswerIsGivenUp() {
    failsInTime(
        DataAccessException.class, () -> inTime(() -> jdbc.queryForObject(TOO_LONG, Long.class)));
  }

  @Test
  void statementsOneAfterTheOtherDoNotAddUp() {
    failsInTime(
        DataAccessException.class,
        () ->
            inTime(
                () -> {
                  sleep(1);
                  return jdbc.queryForObject(TOO_LONG, Long.class);
                }));
    BoundedConnections connections = new BoundedConnections(pool);
    TransactionTemplate transaction = new TransactionTemplate(new BoundedTransactions(connections));
    JdbcTemplate inTransaction = new JdbcTemplate(connections);
    failsInTime(
        DataAccessException.class,
        () ->
            inTime(
                () ->
                    transaction.execute(
                        status -> {
                          inTransaction.queryForList("select 1 from pg_sleep(1)");
                          return inTransaction.queryForList(TOO_LONG);
                        })));
  }

  @Test
  void waitingForAConnectionCounts() throws Exception {
    List<Connection> all = new ArrayList<>();
    for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
      all.add(pool.getConnection());
    }
    failsInTime(DataAccessException.class, () -> inTime(() -> jdbc.queryForList("select 1")));
    TransactionTemplate transaction =
        new TransactionTemplate(new JdbcTransactionManager(new BoundedConnections(pool)));
    failsInTime(
        CannotCreateTransactionException.class,
        () -> inTime(() -> transaction.execute(status -> 1)));
    for (Connection connection : all) {
      connection.close();
    }
  }

  @Test
  void whatComesTooLateIsNotEvenBegun() throws Exception {
    assertThat(
            AnswerTime.within(
                Duration.ZERO,
                () -> {
                  assertThatThrownBy(() -> jdbc.queryForList("select 1"))
                      .hasRootCauseMessage("no time is left for a connection");
                  return 1;
                }))
        .isEqualTo(1);
    try (BatchWriter<Integer, Integer> writer =
        new BatchWriter<>("test", database.transaction(), items -> items, CommitPoints.NONE)) {
      assertThat(written(writer, Duration.ofMillis(700))).contains("no time is left");
      assertThat(written(writer, Duration.ofMinutes(1))).isEqualTo("7");
    }
  }

  @Test
  void theWriterWaitsNoLongerThanThereIsTime() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (BatchWriter<Integer, Integer> writer =
            new BatchWriter<>(
                "test",
                database.transaction(),
                items -> {
                  busy.countDown();
                  await(release);
                  return items;
                },
                CommitPoints.NONE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(() -> writer.write(1));
      await(busy);
      long asked = System.nanoTime();
      assertThat(written(writer, Duration.ofMillis(1_000))).contains("was not written");
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofMillis(1_900));
      release.countDown();
      assertThat(first.get()).isEqualTo(1);
    }
  }

  private static String written(BatchWriter<Integer, Integer> writer, Duration time) {
    return AnswerTime.within(
        time,
        () -> {
          try {
            return String.valueOf(writer.write(7));
          } catch (NotWrittenException e) {
            return String.valueOf(e.getMessage());
          }
        });
  }

  /** Or the next to have the connection, perhaps for work of no request, would be cut off. */
  @Test
  void aConnectionIsGivenBackWithoutTheLimit() throws SQLException {
    inTime(() -> jdbc.queryForList("select 1"));
    for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
      try (Connection connection = pool.getConnection()) {
        assertThat(connection.getNetworkTimeout()).isZero();
      }
    }
    sleep(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
