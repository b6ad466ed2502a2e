package io.podyard.controlplane.write;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections of the pool that keep to the {@link AnswerTime} of the request they are for: waiting
 * for one, and then whatever is said through it. A session that does not answer in time is given
 * up, as is whatever it was doing.
 */
public final class BoundedConnections extends DelegatingDataSource {

  /** A connection that comes too late for an answer would be given up for nothing. */
  private static final Duration SHORTEST_USE = Duration.ofMillis(300);

  /** What a transaction gets that is over time, to end in one way or the other. */
  private static final int LAST_WORD_MILLIS = 50;

  /** Those after which the driver may wait for the database. */
  private static final Set<String> TALKING =
      Set.of("createStatement", "prepareStatement", "prepareCall", "commit", "rollback");

  private final HikariDataSource pool;

  public BoundedConnections(HikariDataSource pool) {
    super(pool);
    this.pool = pool;
  }

  @Override
  public Connection getConnection() throws SQLException {
    // Before its first connection there is no pool, and no request.
    if (!AnswerTime.isRunning()
        || !(pool.getHikariPoolMXBean() instanceof HikariPool connections)) {
      return pool.getConnection();
    }
    // A connection that was idle is tried before it is given out, and may turn out to be dead.
    Duration wait =
        AnswerTime.atMost(
                Duration.ofMillis(pool.getConnectionTimeout() + pool.getValidationTimeout())
                    .plus(SHORTEST_USE))
            .minusMillis(pool.getValidationTimeout())
            .minus(SHORTEST_USE);
    if (!wait.isPositive()) {
      throw new SQLTransientConnectionException("no time is left for a connection");
    }
    return bounded(connections.getConnection(wait.toMillis()));
  }

  private static Connection bounded(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            BoundedConnections.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (TALKING.contains(method.getName())) {
                limit(connection);
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  /** The pool takes it back when the connection is returned. */
  private static void limit(Connection connection) throws SQLException {
    long left = AnswerTime.atMost(AnswerTime.MOST).toMillis();
    connection.setNetworkTimeout(Runnable::run, (int) Math.max(left, LAST_WORD_MILLIS));
  }
}
