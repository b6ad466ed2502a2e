package io.podyard.controlplane.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Transactions of plain JDBC that the database itself ends after {@link #LONGEST}, with their
 * session. A process may stand still at any moment, also with half a statement sent, or with
 * sessions that wait for one another's rows and would get them one after the other. Whatever it has
 * locked is free after that time, and others can take over its shards and use its hosts.
 *
 * <p>Idle sessions have a limit of their own, but that one begins anew with each statement and does
 * not count while a statement is under way.
 */
public final class BoundedTransactions extends JdbcTransactionManager {

  private static final long serialVersionUID = 1L;

  /**
   * Callers are told after three seconds that nobody knows, so nobody waits for more; and leases
   * live for four, so a takeover is not held up. The commit itself does not count.
   */
  static final Duration LONGEST = Duration.ofSeconds(4);

  private final Duration longest;

  public BoundedTransactions(DataSource dataSource) {
    this(dataSource, LONGEST);
  }

  /** With another limit, for what nobody waits for. */
  public BoundedTransactions(DataSource dataSource, Duration longest) {
    super(dataSource);
    this.longest = longest;
  }

  @Override
  protected void prepareTransactionalConnection(
      Connection connection, TransactionDefinition definition) throws SQLException {
    super.prepareTransactionalConnection(connection, definition);
    try (Statement statement = connection.createStatement()) {
      boolean _ = statement.execute("set local transaction_timeout = " + longest.toMillis());
    }
  }

  @Override
  protected void doRollback(DefaultTransactionStatus status) {
    try {
      super.doRollback(status);
    } catch (DataAccessException | TransactionException failure) {
      // With its session the transaction is gone; what ended it is worth more to the caller.
      if (!sessionIsGone(status)) {
        throw failure;
      }
    }
  }

  private static boolean sessionIsGone(DefaultTransactionStatus status) {
    try {
      return ((JdbcTransactionObjectSupport) status.getTransaction())
          .getConnectionHolder()
          .getConnection()
          .isClosed();
    } catch (SQLException e) {
      return true;
    }
  }
}
