package io.podyard.controlplane.lease;

import java.sql.SQLException;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/** The leases of a process that does nothing by itself. */
public final class SteppedLeases {

  private final ShardLeases leases;

  public SteppedLeases(DataSource connections, String holder, LongSupplier nanoTime) {
    leases = new ShardLeases(connections, holder, nanoTime);
  }

  public ShardLeases leases() {
    return leases;
  }

  /** What the process does about once a second. */
  public void round() throws SQLException {
    var _ = leases.round();
    leases.dropExpired();
  }
}
