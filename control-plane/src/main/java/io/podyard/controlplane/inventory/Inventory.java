package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.HostReport;
import io.podyard.scheduler.PlacementPolicy;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Regions, zones, pools and hosts as the database has them. */
@Component
public class Inventory {

  /** Where a host is, and which shard it belongs to. */
  public record Seat(RegionId region, ZoneId zone, int shard) {}

  static final String KNOWN_HOSTS =
      """
      select h.id, h.pool_id, h.region, h.zone, h.allocatable_milli_cpu, h.allocatable_memory_mib,
             h.reserved_milli_cpu, h.reserved_memory_mib, h.state = 'READY', h.shard, p.runtime,
             h.allocatable_disk_mib, h.reserved_disk_mib, nullif(h.gpu_reserved_milli, '{}'),
             h.architecture, h.instance_type, h.gpu_model, nullif(h.labels, '{}'),
             case when h.kept_until > now() then h.kept_for end, p.compute_category
      from host h join pool p on p.id = h.pool_id
      """;

  private final JdbcTemplate jdbc;
  private volatile @Nullable InstallationId installation;

  public Inventory(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** The id of this installation; it never changes, so it is asked for once. */
  public InstallationId installation() {
    InstallationId known = installation;
    if (known == null) {
      known =
          new InstallationId(
              Objects.requireNonNull(
                  jdbc.queryForObject("select id from installation", String.class)));
      installation = known;
    }
    return known;
  }

  /** Zones by region, both in the order of their names. */
  public Map<RegionId, List<ZoneId>> zones() {
    Map<RegionId, TreeSet<ZoneId>> zones = new TreeMap<>();
    jdbc.query(
        "select region, id from zone",
        row -> {
          zones
              .computeIfAbsent(new RegionId(row.getString(1)), region -> new TreeSet<>())
              .add(new ZoneId(row.getString(2)));
        });
    Map<RegionId, List<ZoneId>> result = new TreeMap<>();
    zones.forEach((region, ids) -> result.put(region, List.copyOf(ids)));
    return result;
  }

  /** Adds zones; those that are there stay. */
  public void addZones(RegionId region, List<ZoneId> zones) {
    for (ZoneId zone : zones) {
      jdbc.update(
          "insert into zone (region, id) values (?, ?) on conflict do nothing",
          region.value(),
          zone.value());
    }
  }

  /**
   * Adds a pool of the settings, or renews what they say of it; one that an operator declared stays
   * as that was.
   */
  public void addPool(PoolId pool, RegionId region, String runtime, int cpuOvercommit) {
    jdbc.update(
        """
        insert into pool (id, region, runtime, cpu_overcommit) values (?, ?, ?, ?)
        on conflict (id) do update
          set region = excluded.region, cpu_overcommit = excluded.cpu_overcommit
          where pool.declared_by = 'SETTINGS'
        """,
        pool.value(),
        region.value(),
        runtime,
        cpuOvercommit);
  }

  /**
   * Adds a host of the settings or renews what is known of it. What is allocatable follows what is
   * reported, but never falls below what is reserved. A host that holds groups stays in its pool,
   * zone and shard, because the groups are there, and one that an operator declared where that was;
   * any other goes where the caller says.
   *
   * @param unboundBecause why nothing bounds a group as a whole there, empty if something does
   * @return where the host is now
   */
  public Seat report(
      HostId host, PoolId pool, Seat wanted, HostReport report, String unboundBecause) {
    Seat now =
        jdbc.queryForObject(
            """
            insert into host (id, pool_id, region, zone, shard, state, allocatable_milli_cpu,
                              allocatable_memory_mib, reported_milli_cpu, reported_memory_mib, engine)
            values (?, ?, ?, ?, ?, 'READY', 0, 0, 0, 0, '')
            on conflict (id) do update
              set pool_id = case when %1$s then excluded.pool_id else host.pool_id end,
                  region = case when %1$s then excluded.region else host.region end,
                  zone = case when %1$s then excluded.zone else host.zone end,
                  shard = case when %1$s then excluded.shard else host.shard end
            returning region, zone, shard
            """
                .formatted("host.reserved_milli_cpu = 0 and host.declared_by = 'SETTINGS'"),
            (row, n) ->
                new Seat(
                    new RegionId(row.getString(1)), new ZoneId(row.getString(2)), row.getInt(3)),
            host.value(),
            pool.value(),
            wanted.region().value(),
            wanted.zone().value(),
            wanted.shard());
    Seat seat = Objects.requireNonNull(now);
    jdbc.update("insert into shard_lease (shard) values (?) on conflict do nothing", seat.shard());
    report(host, report, unboundBecause);
    return seat;
  }

  /** Renews what a host says of itself. */
  public void report(HostId host, HostReport report, String unboundBecause) {
    jdbc.update(
        """
        update host
        set reported_milli_cpu = ?, reported_memory_mib = ?, engine = ?, architecture = ?,
            unbound_reason = ?, reported_gpus = ?, reported_gpu_model = ?,
            gpu_reserved_milli = case when %1$s then counted_gpus(gpu_reserved_milli, ?)
                                 else gpu_reserved_milli end,
            gpu_model = case when %1$s then ? else gpu_model end
        where id = ?
        """
            // What a release wrote that knows nothing of reports stays until a host tells of other.
            .formatted("declared_gpus is null and (reported_gpus, reported_gpu_model) <> (?, ?)"),
        report.capacity().cpu().value(),
        report.capacity().memory().value(),
        report.engine(),
        report.architecture(),
        unboundBecause,
        report.gpus(),
        report.gpuModel(),
        report.gpus(),
        report.gpuModel(),
        report.gpus(),
        report.gpus(),
        report.gpuModel(),
        report.gpuModel(),
        host.value());
    count(jdbc, "h.id = ?", host.value());
  }

  /**
   * Makes allocatable what was declared, else what is reported, and never less than is reserved.
   *
   * @param which hosts {@code h} of pools {@code p}
   */
  static void count(JdbcTemplate jdbc, String which, String parameter) {
    jdbc.update(
        """
        with wanted as (
          select h.id, coalesce(h.declared_milli_cpu,
                   least(h.reported_milli_cpu::int8 * p.cpu_overcommit, 2147483647)::int4) as cpu,
                 coalesce(h.declared_memory_mib, h.reported_memory_mib) as memory
          from host h join pool p on p.id = h.pool_id
          where %s
        )
        update host h
        set wanted_milli_cpu = w.cpu, wanted_memory_mib = w.memory,
            allocatable_milli_cpu = greatest(h.reserved_milli_cpu, w.cpu),
            allocatable_memory_mib = greatest(h.reserved_memory_mib, w.memory)
        from wanted w where h.id = w.id
        """
            .formatted(which),
        parameter);
  }

  /** How many groups hold capacity of the settings' hosts in each region; none where none does. */
  public Map<RegionId, Integer> groupsOnHosts() {
    Map<RegionId, Integer> groups = new TreeMap<>();
    jdbc.query(
        """
        select h.region, count(*) from reservation r join host h on h.id = r.host_id
        where h.declared_by = 'SETTINGS' group by h.region
        """,
        row -> {
          groups.put(new RegionId(row.getString(1)), row.getInt(2));
        });
    return groups;
  }

  /** Hosts of the settings that groups hold capacity of, with the names of their runtimes. */
  public Map<HostId, String> hostsInUse() {
    Map<HostId, String> hosts = new TreeMap<>();
    jdbc.query(
        """
        select h.id, p.runtime from host h join pool p on p.id = h.pool_id
        where h.declared_by = 'SETTINGS'
          and exists (select 1 from reservation r where r.host_id = h.id)
        """,
        row -> {
          hosts.put(new HostId(row.getString(1)), row.getString(2));
        });
    return hosts;
  }

  /** By which policy each pool is filled. */
  public Map<PoolId, PlacementPolicy> policies() {
    Map<PoolId, PlacementPolicy> policies = new TreeMap<>();
    jdbc.query(
        "select id, policy from pool",
        row -> {
          policies.put(new PoolId(row.getString(1)), PlacementPolicy.valueOf(row.getString(2)));
        });
    return policies;
  }

  /**
   * How a declared host is reached.
   *
   * @param address of its engine, empty where its runtime needs none
   * @param tlsFolder for that address, empty for none
   * @param addedAt one that was forgotten and is declared again is another host
   */
  public record Reach(
      HostId host, String runtime, String address, String tlsFolder, Instant addedAt) {}

  /** How the hosts are reached that operators declared, in the order of their ids. */
  public List<Reach> declaredHosts() {
    return jdbc.query(
        """
        select h.id, p.runtime, h.address, h.tls_folder, h.created_at
        from host h join pool p on p.id = h.pool_id
        where h.declared_by <> 'SETTINGS' order by h.id
        """,
        (row, n) ->
            new Reach(
                new HostId(row.getString(1)),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getObject(5, OffsetDateTime.class).toInstant()));
  }

  /** All hosts, in the order of their ids. */
  public List<KnownHost> hosts() {
    return hostChanges().all();
  }

  /** For a picture of all hosts that is kept fresh; each picture has one of its own. */
  public HostChanges hostChanges() {
    return new HostChanges(jdbc);
  }

  /** One host. */
  public Optional<KnownHost> host(HostId id) {
    return jdbc
        .query(KNOWN_HOSTS + " where h.id = ?", new KnownHostRows(new HashMap<>()), id.value())
        .stream()
        .findFirst();
  }
}
