package io.podyard.controlplane.write;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.PGStatement;
import org.springframework.jdbc.core.PreparedStatementSetter;

/**
 * A statement that is planned each time, for what it is asked and for how large the tables are by
 * then. Others keep the plan of their first runs until their tables are analyzed again, which is
 * cheaper where they look for a few rows by their key. One that looks for many would go on reading
 * tables as a whole that were small when it was planned.
 */
public final class PlannedAnew implements PreparedStatementSetter {

  private static final int NEVER_KEPT = 0;

  private final PreparedStatementSetter parameters;

  private PlannedAnew(PreparedStatementSetter parameters) {
    this.parameters = parameters;
  }

  public static PlannedAnew with(PreparedStatementSetter parameters) {
    return new PlannedAnew(parameters);
  }

  @Override
  public void setValues(PreparedStatement statement) throws SQLException {
    statement.unwrap(PGStatement.class).setPrepareThreshold(NEVER_KEPT);
    parameters.setValues(statement);
  }
}
