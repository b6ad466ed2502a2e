package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hosts that operators declare, in the tables. A new host takes nothing until it has answered:
 * whoever drives it notes that it does, and what it has.
 */
@Component
public class Declarations {

  /** That a group or a disk is on host {@code h}. What has ended and let go of it is only told. */
  static final String HOLDS_ANYTHING =
      """
      (exists (select 1 from reservation r where r.host_id = h.id)
       or exists (
         select 1 from container_group g
         where g.shard = h.shard and g.host_id = h.id and g.released_at is null)
       or exists (select 1 from persistent_volume v where v.host_id = h.id))
      """;

  /** That a task may have left something on host {@code h}. */
  static final String HOLDS_REMAINS =
      """
      (exists (
         select 1 from commit_task t
         where t.shard = h.shard and t.host_id = h.id and t.cleared_at is null)
       or exists (
         select 1 from ops_task t
         where t.shard = h.shard and t.host_id = h.id and t.cleared_at is null))
      """;

  /**
   * That nothing is left on host {@code h} as far as anybody can know. Groups of a lost host were
   * ended without asking it, so as long as there are records of these it may come back with them;
   * the clocks of servers may differ.
   */
  private static final String IS_LEFT =
      """
      h.leaving_since is not null
      and not %s
      and not %s
      and (h.lost_at is null or (? and not exists (
        select 1 from container_group g
        where g.host_id = h.id and g.released_at > h.lost_at - interval '5 minutes')))
      """
          .formatted(HOLDS_ANYTHING, HOLDS_REMAINS);

  private final JdbcTemplate jdbc;
  private final DeclaredPools pools;
  private final HostLife life;
  private final TransactionTemplate transaction;

  public Declarations(
      JdbcTemplate jdbc, DeclaredPools pools, HostLife life, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.pools = pools;
    this.life = life;
    this.transaction = transaction;
  }

  /**
   * Adds a host or changes it. While groups or disks are on it, it stays in its pool and zone.
   *
   * @param shard of a host that is new
   * @return why not; empty if it was done
   */
  public Optional<String> declare(HostDeclaration host, DeclaredBy by, int shard) {
    DeclaredPools.Kind pool = pools.kind(host.pool()).orElse(null);
    if (pool == null) {
      return Optional.of("there is no pool " + host.pool());
    }
    boolean needsAddress = pool.runtime().equals("docker");
    if (needsAddress == host.address().isEmpty()) {
      return Optional.of(
          "host %s of runtime %s must have %s address"
              .formatted(host.id(), pool.runtime(), needsAddress ? "an" : "no"));
    }
    RegionId region = pool.region();
    if (!isZone(region, host.zone())) {
      return Optional.of(noZone(region, host.zone()));
    }
    Seat seat = seat(host.id());
    if (seat != null && seat.by().keepsFrom(by)) {
      return Optional.of(seat.by().says("host " + host.id()));
    }
    if (seat != null
        && seat.inUse()
        && !(seat.pool().equals(host.pool().value()) && seat.zone().equals(host.zone().value()))) {
      return Optional.of(
          "host %s stays in pool %s and zone %s as long as groups or disks are on it"
              .formatted(host.id(), seat.pool(), seat.zone()));
    }
    try {
      transaction.executeWithoutResult(status -> write(host, region, by, shard, seat));
    } catch (DataIntegrityViolationException e) {
      if (isZone(region, host.zone())) {
        throw e;
      }
      // It was taken away meanwhile.
      return Optional.of(noZone(region, host.zone()));
    }
    return Optional.empty();
  }

  private boolean isZone(RegionId region, ZoneId zone) {
    return exists("select 1 from zone where region = ? and id = ?", region.value(), zone.value());
  }

  private static String noZone(RegionId region, ZoneId zone) {
    return "%s is not a zone of %s".formatted(zone, region);
  }

  private void write(
      HostDeclaration host, RegionId region, DeclaredBy by, int shard, @Nullable Seat seat) {
    upsert(host, region, by, shard);
    Boolean cordoned = host.cordoned();
    if (seat != null && seat.leaving()) {
      life.stay(host.id());
    }
    if (by == DeclaredBy.FILE) {
      life.drainAsDeclared(host.id(), host.drain());
      life.cordonAsInFile(host.id(), cordoned);
    } else if (cordoned != null) {
      life.cordonAsDeclared(host.id(), cordoned);
    }
  }

  private void upsert(HostDeclaration host, RegionId region, DeclaredBy by, int shard) {
    jdbc.update("insert into shard_lease (shard) values (?) on conflict do nothing", shard);
    jdbc.update(
        """
        insert into host (id, pool_id, region, zone, shard, state, unreachable_since,
                          allocatable_milli_cpu, allocatable_memory_mib, reported_milli_cpu,
                          reported_memory_mib, engine, declared_by)
        values (?, ?, ?, ?, ?, 'UNREACHABLE', now(), 0, 0, 0, 0, '', ?)
        on conflict (id) do update
          set pool_id = excluded.pool_id, region = excluded.region, zone = excluded.zone
        """,
        host.id().value(),
        host.pool().value(),
        region.value(),
        host.zone().value(),
        shard,
        by.name());
    jdbc.update(
        """
        update host h
        set declared_by = ?, address = ?, tls_folder = ?, declared_milli_cpu = ?,
            declared_memory_mib = ?,
            wanted_disk_mib = ?,
            allocatable_disk_mib = case when ? = 0 then 0 else greatest(?, h.reserved_disk_mib) end,
            declared_gpus = d.gpus,
            gpu_reserved_milli = counted_gpus(h.gpu_reserved_milli, coalesce(d.gpus, h.reported_gpus)),
            gpu_model = case when d.gpus is null then h.reported_gpu_model else ? end,
            instance_type = ?, labels = ?::text[], leaving_since = null
        from (values (?::int4)) as d (gpus)
        where h.id = ?
        """,
        by.name(),
        host.address(),
        host.tlsFolder(),
        host.cpu() == null ? null : host.cpu().value(),
        host.memory() == null ? null : host.memory().value(),
        host.diskMib(),
        host.diskMib(),
        host.diskMib(),
        host.gpuModel(),
        host.instanceType(),
        host.labels().toArray(new String[0]),
        host.gpus(),
        host.id().value());
    Inventory.count(jdbc, "h.id = ?", host.id().value());
  }

  /**
   * Lets a host go: nothing new is placed there, what is there goes on, and when nothing is left of
   * it the host is forgotten, see {@link #forgetLeft}. Declared again until then it is what it was:
   * cordoned or drained if it was so before or became so meanwhile.
   *
   * @return why not; empty if it goes, or there is no such host
   */
  public Optional<String> remove(HostId host, DeclaredBy by) {
    Seat seat = seat(host);
    if (seat == null) {
      return Optional.empty();
    }
    if (seat.by() != by) {
      return Optional.of(seat.by().says("host " + host));
    }
    life.leave(host);
    return Optional.empty();
  }

  /**
   * Forgets the hosts that were to go and that nothing is left on. Records of groups that have
   * ended keep the name of their host.
   *
   * @param lostToo whether to look at those that are lost as well, which reads all records of
   *     groups
   */
  public Set<HostId> forgetLeft(boolean lostToo) {
    Set<HostId> gone = new TreeSet<>();
    for (HostId id :
        jdbc.query(
            "select h.id from host h where " + IS_LEFT,
            (row, n) -> new HostId(row.getString(1)),
            lostToo)) {
      try {
        if (jdbc.update("delete from host h where h.id = ? and " + IS_LEFT, id.value(), lostToo)
            == 1) {
          gone.add(id);
        }
      } catch (DataIntegrityViolationException e) {
        // Somebody has found something to keep there: the next time.
      }
    }
    return gone;
  }

  /** The hosts that somebody declared, in the order of their ids. */
  public List<HostId> hostsDeclaredBy(DeclaredBy by) {
    return jdbc.query(
        "select id from host where declared_by = ? and leaving_since is null order by id",
        (row, n) -> new HostId(row.getString(1)),
        by.name());
  }

  private record Seat(DeclaredBy by, String pool, String zone, boolean inUse, boolean leaving) {}

  private @Nullable Seat seat(HostId host) {
    return jdbc
        .query(
            """
            select h.declared_by, h.pool_id, h.zone, %s, h.leaving_since is not null
            from host h where h.id = ?
            """
                .formatted(HOLDS_ANYTHING),
            (row, n) ->
                new Seat(
                    DeclaredBy.valueOf(row.getString(1)),
                    row.getString(2),
                    row.getString(3),
                    row.getBoolean(4),
                    row.getBoolean(5)),
            host.value())
        .stream()
        .findFirst()
        .orElse(null);
  }

  private boolean exists(String sql, Object... parameters) {
    return Objects.requireNonNull(
        jdbc.queryForObject("select exists (%s)".formatted(sql), Boolean.class, parameters));
  }
}
