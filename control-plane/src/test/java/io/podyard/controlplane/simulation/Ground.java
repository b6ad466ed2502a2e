package io.podyard.controlplane.simulation;

import io.podyard.controlplane.containergroup.SteppedTables;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.HostReport;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A database for one simulation after the other. All simulated processes use one connection, since
 * none of them is ever in the middle of a transaction while another one does something.
 */
final class Ground implements AutoCloseable {

  static final RegionId REGION = new RegionId("r");
  static final AccountId ACCOUNT = new AccountId("a");
  static final String RUNTIME = "simulated";

  private static final ZoneId ZONE = new ZoneId("r-a");
  private static final PoolId POOL = new PoolId("p");

  /** The server itself does not die here, so nobody has to wait for its disk. */
  private static final String FAST =
      "set synchronous_commit = off; set plan_cache_mode = force_generic_plan; set jit = off";

  private static final String EMPTY =
      """
      delete from reservation; delete from usage_interval; delete from group_event;
      delete from client_token; delete from container_group; delete from container_group_history;
      delete from quota; delete from lease_holder; delete from proof_of_life; delete from group_remains; delete from host;
      delete from shard_lease
      """;

  private final TestDatabase database = TestDatabase.create();
  private final SingleConnectionDataSource connection;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final SteppedTables tables;
  private final Inventory inventory;
  private final InstallationId installation;

  Ground() {
    connection =
        new SingleConnectionDataSource(
            database.url() + "?prepareThreshold=1&preparedStatementCacheQueries=1000",
            database.userName(),
            database.password(),
            true);
    jdbc = new JdbcTemplate(connection);
    jdbc.execute(FAST);
    jdbc.update("insert into account (id, name, role) values (?, 'a', 'USER')", ACCOUNT.value());
    transaction = new TransactionTemplate(new JdbcTransactionManager(connection));
    tables = new SteppedTables(jdbc, transaction);
    inventory = new Inventory(jdbc);
    inventory.addZones(REGION, List.of(ZONE));
    inventory.addPool(POOL, REGION, RUNTIME, 1);
    installation = inventory.installation();
  }

  /** Begins anew, with hosts of one size over so many shards. */
  void reset(List<HostId> hosts, Size size, int shards) {
    jdbc.execute(EMPTY);
    for (int i = 0; i < hosts.size(); i++) {
      var _ =
          inventory.report(
              hosts.get(i),
              POOL,
              new Inventory.Seat(REGION, ZONE, i % shards),
              new HostReport("simulated 1", size, "amd64"),
              "");
    }
  }

  JdbcTemplate jdbc() {
    return jdbc;
  }

  TransactionTemplate transaction() {
    return transaction;
  }

  DataSource connections() {
    return connection;
  }

  SteppedTables tables() {
    return tables;
  }

  Inventory inventory() {
    return inventory;
  }

  InstallationId installation() {
    return installation;
  }

  @Override
  public void close() {
    connection.destroy();
    database.close();
  }
}
