package io.podyard.controlplane.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.ApiException;
import io.podyard.controlplane.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What takes long must not take all connections. */
class LongReadingTest {

  @Test
  void onlySoManyReadAtOnce() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      LongReading reading = new LongReading(database.dataSource());
      CountDownLatch entered = new CountDownLatch(6);
      CountDownLatch over = new CountDownLatch(1);
      List<CompletableFuture<Boolean>> readers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        readers.add(
            CompletableFuture.supplyAsync(
                () ->
                    reading.read(
                        () -> {
                          entered.countDown();
                          try {
                            return over.await(60, TimeUnit.SECONDS);
                          } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                        }),
                work -> Thread.ofVirtual().start(work)));
      }
      assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> reading.read(() -> 1))
          .isInstanceOf(ApiException.class)
          .hasMessageContaining("6 bills are being added up");
      over.countDown();
      for (CompletableFuture<Boolean> reader : readers) {
        assertThat(reader.get(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(reading.read(() -> 1)).isEqualTo(1);
    }
  }

  @Test
  void aSnapshotSeesOneStateAndWritesNothing() {
    try (TestDatabase database = TestDatabase.create()) {
      LongReading reading = new LongReading(database.dataSource());
      String count = "select count(*) from open_bills";
      int seen =
          reading.snapshot(
              () -> {
                int before = count(database, count);
                CompletableFuture.runAsync(
                        () -> database.jdbc().update("delete from open_bills"),
                        work -> Thread.ofVirtual().start(work))
                    .join();
                return before + count(database, count);
              });
      assertThat(seen).isEqualTo(2);
      assertThat(count(database, count)).isZero();
      assertThatThrownBy(
              () -> reading.snapshot(() -> database.jdbc().update("delete from open_bills")))
          .hasMessageContaining("read-only");
    }
  }

  /** Through the data source of the transaction, so within it if there is one. */
  private static int count(TestDatabase database, String sql) {
    return Objects.requireNonNull(database.jdbc().queryForObject(sql, Integer.class));
  }
}
