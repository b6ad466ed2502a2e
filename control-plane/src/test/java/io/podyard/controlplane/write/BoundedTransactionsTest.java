package io.podyard.controlplane.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Whoever stands still with locks loses them, wherever it stands. */
class BoundedTransactionsTest {

  private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch over = new CountDownLatch(1);
  private TestDatabase database;

  @BeforeEach
  void createRows() {
    database = TestDatabase.create();
    database.jdbc().execute("create table thing (id int primary key, version int not null)");
    database.jdbc().update("insert into thing values (1, 0), (2, 0)");
  }

  @AfterEach
  void end() {
    over.countDown();
    others.shutdownNow();
    database.close();
  }

  @Test
  void oneThatStandsStillBetweenStatements() {
    CompletableFuture<?> still =
        inTransaction(
            database.dataSource(),
            jdbc -> {
              change(jdbc, 1);
              over.await();
            });
    mustComeFree(1);
    over.countDown();
    fails(still);
  }

  @Test
  void oneThatWaitsForTheRowsOfAnother() throws Exception {
    CountDownLatch holds = new CountDownLatch(1);
    CompletableFuture<?> another =
        CompletableFuture.runAsync(
            () ->
                // Without a bound, so that the waiting would not end by itself.
                database
                    .transaction()
                    .executeWithoutResult(
                        status -> {
                          change(database.jdbc(), 2);
                          holds.countDown();
                          await(over);
                        }),
            others);
    assertThat(holds.await(1, TimeUnit.MINUTES)).isTrue();
    CompletableFuture<?> still =
        inTransaction(
            database.dataSource(),
            jdbc -> {
              change(jdbc, 1);
              change(jdbc, 2);
            });
    mustComeFree(1);
    fails(still);
    assertThat(another).isNotDone();
  }

  @Test
  void oneThatStandsStillInTheMiddleOfAStatement() {
    DriverManagerDataSource stalling =
        new DriverManagerDataSource(
            database.url()
                + (database.url().contains("?") ? "&" : "?")
                + "socketFactory="
                + StallingSockets.class.getName(),
            database.userName(),
            database.password());
    CompletableFuture<?> still =
        inTransaction(
            stalling,
            jdbc -> {
              change(jdbc, 1);
              CountDownLatch stall = StallingSockets.stall();
              others.execute(
                  () -> {
                    await(over);
                    stall.countDown();
                  });
              change(jdbc, 2);
            });
    mustComeFree(1);
    over.countDown();
    fails(still);
  }

  private interface Work {
    void on(JdbcTemplate jdbc) throws Exception;
  }

  /** Begins the work, and comes back when it has changed the first row. */
  private CompletableFuture<?> inTransaction(DataSource connections, Work work) {
    TransactionTemplate transaction = new TransactionTemplate(new BoundedTransactions(connections));
    CompletableFuture<?> done =
        CompletableFuture.runAsync(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      try {
                        work.on(new JdbcTemplate(connections));
                      } catch (Exception e) {
                        throw new IllegalStateException(e);
                      }
                    }),
            others);
    Waiting.until("a lock", () -> locked(1));
    return done;
  }

  private static void change(JdbcTemplate jdbc, int id) {
    assertThat(jdbc.update("update thing set version = version + 1 where id = ?", id)).isEqualTo(1);
  }

  private boolean locked(int id) {
    return database
        .jdbc()
        .queryForList("select id from thing where id = ? for update skip locked", Integer.class, id)
        .isEmpty();
  }

  private void mustComeFree(int id) {
    Waiting.until("a free row", () -> !locked(id));
    assertThat(database.jdbc().queryForObject("select max(version) from thing", Integer.class))
        .isZero();
  }

  private static void fails(CompletableFuture<?> work) {
    Waiting.until("the end of the work", work::isDone);
    assertThat(work).isCompletedExceptionally();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
