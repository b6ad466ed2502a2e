package io.podyard.controlplane.placement;

import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.Together;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.Taken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What groups hold of hosts. A host's row is locked before it is changed, hosts in the order of
 * their ids, or two batches could wait for each other.
 */
@Component
public class Reservations {

  /** Capacity of a host wanted for a group. */
  public record Need(ContainerGroupId group, HostId host, Taken taken) {}

  /** Capacity given back. */
  public record Released(ContainerGroupId group, HostId host, Taken taken) {}

  /**
   * What a group is to hold of the host that it has.
   *
   * @param diskMib of its ephemeral disk, if somebody counts that
   */
  public record Hold(ContainerGroupId group, Size size, int diskMib) {}

  /** What a group got, with the zone and shard of its host. */
  public record Grant(HostId host, ZoneId zone, int shard) {}

  /** A host's row under its lock. */
  private record HostRow(
      ZoneId zone, int shard, boolean ready, HostRoom room, @Nullable String keptFor) {

    /** Whether it takes this group, if there is room. */
    boolean takes(ContainerGroupId group) {
      return ready && (keptFor == null || keptFor.equals(group.value()));
    }
  }

  /**
   * Hosts whose rows are locked until the end of the caller's transaction; none before the
   * statements that lock them are sent.
   */
  public static final class Locked {

    private final Map<HostId, HostRow> rows = new HashMap<>();

    private Locked() {}
  }

  private final JdbcTemplate jdbc;

  public Reservations(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Reserves inside the caller's transaction, in the order given, as far as the hosts have room. A
   * host that is kept for another group has none.
   *
   * @return the groups that got what they need
   */
  public Map<ContainerGroupId, Grant> reserve(List<Need> needs) {
    Together statements = new Together(jdbc);
    Locked hosts = lock(needs.stream().map(Need::host).toList(), statements);
    statements.send();
    Map<ContainerGroupId, Grant> grants = reserve(needs, hosts, statements);
    statements.send();
    return grants;
  }

  /** Locks hosts for {@link #reserve(List, Locked, Together)}, when the statements are sent. */
  public Locked lock(List<HostId> hosts, Together statements) {
    Locked locked = new Locked();
    if (!hosts.isEmpty()) {
      statements.add(
          """
          select id, zone, shard, state = 'READY',
                 allocatable_milli_cpu - reserved_milli_cpu,
                 allocatable_memory_mib - reserved_memory_mib,
                 case when allocatable_disk_mib = 0 then null
                      else allocatable_disk_mib - reserved_disk_mib end,
                 gpu_reserved_milli, case when kept_until > now() then kept_for end
          from host where id = any(?::text[]) order by id for no key update
          """,
          Columns.of(hosts).text(HostId::value),
          row -> locked.rows.put(new HostId(row.getString(1)), read(row)));
    }
    return locked;
  }

  private static HostRow read(ResultSet row) throws SQLException {
    return new HostRow(
        new ZoneId(row.getString(2)),
        row.getInt(3),
        row.getBoolean(4),
        new HostRoom(
            Size.of(row.getInt(5), row.getInt(6)),
            row.getObject(7, Integer.class),
            Columns.integers(row, 8)),
        row.getString(9));
  }

  /**
   * Reserves as {@link #reserve(List)} does, on hosts that are locked; it is written when the
   * statements are sent.
   */
  public Map<ContainerGroupId, Grant> reserve(List<Need> needs, Locked hosts, Together statements) {
    Map<ContainerGroupId, Grant> grants = new HashMap<>();
    TreeMap<HostId, Size> taken = new TreeMap<>();
    List<Need> granted = new ArrayList<>();
    for (Need need : needs) {
      HostRow host = hosts.rows.get(need.host());
      if (host != null && host.takes(need.group()) && host.room().take(need.taken())) {
        taken.merge(need.host(), need.taken().size(), Size::plus);
        granted.add(need);
        grants.put(need.group(), new Grant(need.host(), host.zone(), host.shard()));
      }
    }
    add(taken, statements);
    insert(granted, statements);
    return grants;
  }

  /**
   * Makes what groups hold as large as said in all dimensions, inside the caller's transaction;
   * what is larger stays. A host that is kept for another group has no room.
   *
   * @return the groups that hold that much now; the others' hosts have no room, or are not ready
   */
  public Set<ContainerGroupId> grow(List<Hold> holds) {
    if (holds.isEmpty()) {
      return Set.of();
    }
    lockHostsOf(holds.stream().map(Hold::group).toList());
    Set<ContainerGroupId> granted = new HashSet<>();
    for (Hold hold : holds) {
      List<ContainerGroupId> grown =
          jdbc.query(
              """
              with held as (
                select r.group_id, r.host_id, r.milli_cpu, r.memory_mib, r.disk_mib,
                       greatest(r.milli_cpu, ?) as cpu, greatest(r.memory_mib, ?) as memory,
                       case when h.allocatable_disk_mib > 0 then greatest(r.disk_mib, ?)
                            else r.disk_mib end as disk
                from reservation r join host h on h.id = r.host_id
                where r.group_id = ?
              ), room as (
                update host h
                set reserved_milli_cpu = h.reserved_milli_cpu + held.cpu - held.milli_cpu,
                    reserved_memory_mib = h.reserved_memory_mib + held.memory - held.memory_mib
                from held
                where h.id = held.host_id and h.state = 'READY'
                  and h.reserved_milli_cpu + held.cpu - held.milli_cpu <= h.allocatable_milli_cpu
                  and h.reserved_memory_mib + held.memory - held.memory_mib <= h.allocatable_memory_mib
                  and (h.allocatable_disk_mib = 0
                       or h.reserved_disk_mib + held.disk - held.disk_mib <= h.allocatable_disk_mib)
                  and (coalesce(h.kept_until <= now() or h.kept_for = held.group_id, true)
                       or (held.cpu, held.memory, held.disk)
                          = (held.milli_cpu, held.memory_mib, held.disk_mib))
                returning h.id
              )
              update reservation r
              set milli_cpu = held.cpu, memory_mib = held.memory, disk_mib = held.disk
              from held, room where r.group_id = held.group_id
              returning r.group_id
              """,
              (row, n) -> new ContainerGroupId(row.getString(1)),
              hold.size().cpu().value(),
              hold.size().memory().value(),
              hold.diskMib(),
              hold.group().value());
      granted.addAll(grown);
    }
    return granted;
  }

  /**
   * Makes what groups hold of vCPU and memory exactly as large as said, inside the caller's
   * transaction. It held at least that much before, so its host has room. A disk never shrinks.
   */
  public void settle(List<Hold> holds) {
    if (holds.isEmpty()) {
      return;
    }
    lockHostsOf(holds.stream().map(Hold::group).toList());
    for (Hold hold : holds) {
      jdbc.update(
          """
          with held as (
            select group_id, host_id, milli_cpu, memory_mib, ?::int4 as cpu, ?::int4 as memory
            from reservation where group_id = ?
          ), given as (
            update host h
            set reserved_milli_cpu = h.reserved_milli_cpu - held.milli_cpu + held.cpu,
                reserved_memory_mib = h.reserved_memory_mib - held.memory_mib + held.memory,
                allocatable_milli_cpu = greatest(h.reserved_milli_cpu - held.milli_cpu + held.cpu,
                  coalesce(h.wanted_milli_cpu, h.allocatable_milli_cpu)),
                allocatable_memory_mib = greatest(
                  h.reserved_memory_mib - held.memory_mib + held.memory,
                  coalesce(h.wanted_memory_mib, h.allocatable_memory_mib))
            from held where h.id = held.host_id
            returning h.id
          )
          update reservation r set milli_cpu = held.cpu, memory_mib = held.memory
          from held, given where r.group_id = held.group_id
          """,
          hold.size().cpu().value(),
          hold.size().memory().value(),
          hold.group().value());
    }
  }

  private void lockHostsOf(List<ContainerGroupId> groups) {
    Together statements = new Together(jdbc);
    Locked _ =
        lock(
            jdbc.query(
                "select distinct host_id from reservation where group_id = any(?::text[])",
                Columns.of(groups).text(ContainerGroupId::value),
                (row, n) -> new HostId(row.getString(1))),
            statements);
    statements.send();
  }

  /**
   * Gives back what groups hold, inside the caller's transaction. A group that holds nothing gives
   * nothing back, so a second call does no harm.
   */
  public List<Released> release(List<ContainerGroupId> groups) {
    if (groups.isEmpty()) {
      return List.of();
    }
    lockHostsOf(groups);
    List<Released> released =
        jdbc.query(
            """
            delete from reservation where group_id = any(?::text[])
            returning group_id, host_id, milli_cpu, memory_mib, disk_mib, gpu_devices, gpu_milli_each
            """,
            Columns.of(groups).text(ContainerGroupId::value),
            (row, n) ->
                new Released(
                    new ContainerGroupId(row.getString(1)),
                    new HostId(row.getString(2)),
                    new Taken(
                        Size.of(row.getInt(3), row.getInt(4)),
                        row.getInt(5),
                        row.getLong(6),
                        row.getInt(7))));
    TreeMap<HostId, Size> given = new TreeMap<>();
    released.forEach(one -> given.merge(one.host(), one.taken().size(), Size::plus));
    Together statements = new Together(jdbc);
    subtract(given, statements);
    statements.send();
    return released;
  }

  private static void add(TreeMap<HostId, Size> sizes, Together statements) {
    change(
        """
        update host h
        set reserved_milli_cpu = h.reserved_milli_cpu + s.milli_cpu,
            reserved_memory_mib = h.reserved_memory_mib + s.memory_mib
        from unnest(?::text[], ?::int4[], ?::int4[]) as s (id, milli_cpu, memory_mib)
        where h.id = s.id
        """,
        sizes,
        statements);
  }

  private static void subtract(TreeMap<HostId, Size> sizes, Together statements) {
    change(
        """
        update host h
        set reserved_milli_cpu = h.reserved_milli_cpu - s.milli_cpu,
            reserved_memory_mib = h.reserved_memory_mib - s.memory_mib,
            allocatable_milli_cpu = greatest(h.reserved_milli_cpu - s.milli_cpu,
              coalesce(h.wanted_milli_cpu, h.allocatable_milli_cpu)),
            allocatable_memory_mib = greatest(h.reserved_memory_mib - s.memory_mib,
              coalesce(h.wanted_memory_mib, h.allocatable_memory_mib))
        from unnest(?::text[], ?::int4[], ?::int4[]) as s (id, milli_cpu, memory_mib)
        where h.id = s.id
        """,
        sizes,
        statements);
  }

  private static void change(String sql, TreeMap<HostId, Size> sizes, Together statements) {
    if (sizes.isEmpty()) {
      return;
    }
    List<Map.Entry<HostId, Size>> entries = List.copyOf(sizes.entrySet());
    statements.add(
        sql,
        Columns.of(entries)
            .text(e -> e.getKey().value())
            .integer(e -> e.getValue().cpu().value())
            .integer(e -> e.getValue().memory().value()));
  }

  private static void insert(List<Need> needs, Together statements) {
    if (needs.isEmpty()) {
      return;
    }
    statements.add(
        """
        insert into reservation
          (group_id, host_id, milli_cpu, memory_mib, disk_mib, gpu_devices, gpu_milli_each)
        select * from unnest(?::text[], ?::text[], ?::int4[], ?::int4[], ?::int4[], ?::int8[], ?::int4[])
        """,
        Columns.of(needs)
            .text(n -> n.group().value())
            .text(n -> n.host().value())
            .integer(n -> n.taken().size().cpu().value())
            .integer(n -> n.taken().size().memory().value())
            .integer(n -> n.taken().diskMib())
            .bigint(n -> n.taken().gpuDevices())
            .integer(n -> n.taken().gpuMilliEach()));
  }
}
