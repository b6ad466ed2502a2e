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
import java.time.Instant;
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
  static final List<String> VSWITCHES = List.of("vsw-1", "vsw-2");

  /** Of each host. */
  static final int GPUS = 2;

  private static final int DISK_MIB = 100 * 1024;

  private static final ZoneId ZONE = new ZoneId("r-a");
  private static final PoolId POOL = new PoolId("p");

  /** The server itself does not die here, so nobody has to wait for its disk. */
  private static final String FAST =
      "set synchronous_commit = off; set plan_cache_mode = force_generic_plan; set jit = off";

  private static final String EMPTY =
      """
      delete from reservation; delete from usage_interval; delete from usage_interval_closed;
      delete from late_usage; delete from group_event;
      delete from client_token; delete from container_group; delete from container_group_history;
      delete from quota; delete from quota_slot; delete from lease_holder; delete from proof_of_life;
      delete from group_remains; delete from spot_group; delete from spot_promise;
      delete from vswitch; delete from host; delete from shard_lease
      """;

  /**
   * The database's own time is the simulation's wherever a statement or a default says {@code
   * now()}; leases alone have another one.
   */
  private static final String TIME =
      """
      create schema simulated;
      create function simulated.now() returns timestamptz language sql stable as
        $$ select current_setting('simulated.now')::timestamptz $$;
      do $$
      declare c record;
      begin
        for c in select table_name, column_name, column_default from information_schema.columns
                 where table_schema = 'public'
                   and (column_default like '%now()%' or table_name = 'spot_promise')
                   and column_default is not null loop
          execute format('alter table public.%I alter %I set default %s', c.table_name, c.column_name,
                         replace(replace(c.column_default, 'clock_timestamp()', 'now()'),
                                 'now()', 'simulated.now()'));
        end loop;
        for c in select pg_get_functiondef(p.oid) as definition from pg_proc p
                 where proname in ('note_late_start', 'note_late_end') loop
          execute replace(c.definition, 'clock_timestamp()', 'simulated.now()');
        end loop;
      end $$;
      set search_path = simulated, pg_catalog, public
      """;

  private static final String DISKS =
      "update host set allocatable_disk_mib = ?, wanted_disk_mib = ?";

  /** With four addresses each, fewer than there are groups. */
  private static final String ADD_VSWITCHES =
      """
      insert into vswitch (account_id, region, id, zone, cidr)
      select ?, ?, id, ?, ('192.168.5' || n || '.0/29')::cidr
      from unnest(?::text[]) with ordinality as v (id, n)
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
    jdbc.execute(TIME);
    at(Instant.EPOCH);
    jdbc.update("insert into account (id, name, role) values (?, 'a', 'USER')", ACCOUNT.value());
    transaction = new TransactionTemplate(new JdbcTransactionManager(connection));
    tables = new SteppedTables(jdbc, transaction);
    inventory = new Inventory(jdbc);
    inventory.addZones(REGION, List.of(ZONE));
    inventory.addPool(POOL, REGION, RUNTIME, 1);
    installation = inventory.installation();
  }

  /** Begins anew, with hosts of one size over so many shards. */
  void reset(Instant start, List<HostId> hosts, Size size, int shards, Features features) {
    at(start);
    jdbc.execute(EMPTY);
    HostReport report =
        features.gpus()
            ? new HostReport("simulated 1", size, "amd64", GPUS, "A10")
            : new HostReport("simulated 1", size, "amd64");
    for (int i = 0; i < hosts.size(); i++) {
      var _ =
          inventory.report(
              hosts.get(i), POOL, new Inventory.Seat(REGION, ZONE, i % shards), report, "");
    }
    if (features.disks()) {
      int _ = jdbc.update(DISKS, DISK_MIB, DISK_MIB);
    }
    if (features.vSwitches()) {
      int _ =
          jdbc.update(
              ADD_VSWITCHES,
              ACCOUNT.value(),
              REGION.value(),
              ZONE.value(),
              VSWITCHES.toArray(String[]::new));
    }
  }

  /** It is so late. */
  void at(Instant time) {
    jdbc.query("select set_config('simulated.now', ?, false)", _ -> {}, time.toString());
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
