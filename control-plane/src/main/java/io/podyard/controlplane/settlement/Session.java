package io.podyard.controlplane.settlement;

import io.podyard.controlplane.write.BoundedTransactions;
import io.podyard.controlplane.write.MonthlyPartitions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** One connection, for one thread, whose results come a few rows at a time. */
final class Session implements AutoCloseable {

  private static final int ROWS_AT_ONCE = 2_000;

  /** Ten million intervals take some minutes. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private final Connection connection;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  Session(DataSource connections) {
    this.connection = DataSourceUtils.getConnection(connections);
    SingleConnectionDataSource only = new SingleConnectionDataSource(connection, true);
    this.jdbc = new JdbcTemplate(only);
    jdbc.setFetchSize(ROWS_AT_ONCE);
    this.transaction = new TransactionTemplate(new BoundedTransactions(only, LONGEST));
  }

  JdbcTemplate jdbc() {
    return jdbc;
  }

  /** All or nothing; each statement sees what was committed before it. */
  <T> @Nullable T transaction(Supplier<@Nullable T> work) {
    return transaction.execute(status -> work.get());
  }

  /** All or nothing; every statement sees the same, and its own changes. */
  <T> @Nullable T snapshot(Supplier<@Nullable T> work) {
    return transaction.execute(
        status -> {
          jdbc.execute("set transaction isolation level repeatable read");
          return work.get();
        });
  }

  /** The months of a table that is partitioned by a time. */
  MonthlyPartitions months(String table, String column) {
    return new MonthlyPartitions(jdbc, transaction, table, column);
  }

  boolean isOver() {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  /** Ends it in the middle of whatever it does, from another thread; that comes to nothing. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      log.debug("a session ends by itself: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("a session ended by itself: {}", e.getMessage());
    }
  }
}
