package io.podyard.controlplane.write;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionException;

/** What kind of failure a database exception is, by SQLSTATE, never by its text. */
public final class DatabaseFailures {

  private DatabaseFailures() {}

  /** The database or the way to it is gone; repeating at once is no use. */
  public static boolean isUnavailable(Throwable failure) {
    String state = sqlState(failure);
    if (state != null) {
      return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
    }
    return hasCause(failure, SQLTransientConnectionException.class)
        || failure instanceof TransactionException;
  }

  /** Two transactions were in each other's way; repeating helps. */
  public static boolean isConflict(Throwable failure) {
    String state = sqlState(failure);
    return "40001".equals(state) || "40P01".equals(state);
  }

  /** A lock was not free within the time that the statement may wait for one. */
  public static boolean isLockTimeout(Throwable failure) {
    return "55P03".equals(sqlState(failure));
  }

  private static @Nullable String sqlState(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return null;
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
