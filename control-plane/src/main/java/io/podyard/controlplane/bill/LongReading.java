package io.podyard.controlplane.bill;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.write.AnswerTime;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reading that goes over millions of lines and takes longer than other requests may. It locks
 * nothing, and there is never so much of it at once that others get no connection.
 */
@Component
class LongReading {

  /** Of the connections of the pool. */
  private static final int MOST_AT_ONCE = 6;

  private static final int LONGEST_WAIT_SECONDS = 2;

  private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);
  private final TransactionTemplate transaction;

  LongReading(DataSource dataSource) {
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    transaction.setReadOnly(true);
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /**
   * Reads for a request.
   *
   * @throws ApiException if too many do already
   */
  <T> T read(Supplier<T> reading) {
    if (!enter()) {
      throw new ApiException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "%d bills are being added up, which is as many as can be. Try again."
              .formatted(MOST_AT_ONCE));
    }
    try {
      return AnswerTime.longer(reading);
    } finally {
      places.release();
    }
  }

  private boolean enter() {
    try {
      return places.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Has all statements see the same state of the tables. */
  <T> T snapshot(Supplier<T> reading) {
    return Objects.requireNonNull(transaction.execute(status -> reading.get()));
  }
}
