package io.podyard.controlplane.inventory;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.GroupAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Gives groups addresses of their vSwitches, in the transaction that gives them their hosts: first
 * those that nobody ever had, then the one that was given back longest ago. They are given back
 * with the reservation, by the database itself.
 */
@Component
public class VSwitchAddresses {

  /** A group that has got a host and is to have an address. */
  public record Wanted(ContainerGroupId group, VSwitches.Key vSwitch) {}

  private record Row(CidrBlock cidr, int touched, int givenBack) {
    int free() {
      return cidr.usable() - touched + givenBack;
    }
  }

  /** vSwitches that are locked, and how many of their addresses are left. */
  public static final class Locked {

    private final Map<VSwitches.Key, Row> rows;
    private final Map<VSwitches.Key, Integer> taken = new HashMap<>();

    private Locked(Map<VSwitches.Key, Row> rows) {
      this.rows = rows;
    }

    /** Sets an address aside; false if there is none. */
    public boolean take(VSwitches.Key vSwitch) {
      Row row = rows.get(vSwitch);
      if (row == null || taken.getOrDefault(vSwitch, 0) >= row.free()) {
        return false;
      }
      taken.merge(vSwitch, 1, Integer::sum);
      return true;
    }
  }

  private final JdbcTemplate jdbc;

  public VSwitchAddresses(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Locks vSwitches that have addresses until the end of the caller's transaction; after quotas and
   * disks and before any host.
   */
  public Locked lock(Collection<VSwitches.Key> vSwitches) {
    if (vSwitches.isEmpty()) {
      return new Locked(Map.of());
    }
    List<VSwitches.Key> keys = vSwitches.stream().distinct().toList();
    Map<VSwitches.Key, Row> rows = new HashMap<>();
    jdbc.query(
        """
        select account_id, region, id, cidr, addresses_touched from vswitch
        where (account_id, region, id) in (select * from unnest(?::text[], ?::text[], ?::text[]))
          and cidr is not null
        order by account_id, region, id for no key update
        """,
        VSwitches.columns(keys),
        row -> {
          rows.put(
              VSwitches.key(row),
              new Row(CidrBlock.parse(row.getString(4)).orElseThrow(), row.getInt(5), 0));
        });
    // A statement of its own: what was given back while the lock was waited for counts.
    jdbc.query(
        """
        select account_id, region, id, (
                 select count(*) from (
                   select 1 from vswitch_address a
                   where (a.account_id, a.region, a.vswitch_id) = (w.account_id, w.region, w.id)
                     and a.group_id is null
                   limit %d) free)
        from unnest(?::text[], ?::text[], ?::text[]) as w (account_id, region, id)
        """
            .formatted(VSwitches.MOST_COUNTED),
        VSwitches.columns(List.copyOf(rows.keySet())),
        row -> {
          int givenBack = row.getInt(4);
          rows.computeIfPresent(
              VSwitches.key(row), (key, seen) -> new Row(seen.cidr(), seen.touched(), givenBack));
        });
    return new Locked(rows);
  }

  /**
   * Gives addresses to groups that hold their reservations already, no more of a vSwitch than were
   * taken of what is locked.
   */
  public Map<ContainerGroupId, GroupAddress> give(List<Wanted> wanted, Locked locked) {
    Map<ContainerGroupId, GroupAddress> given = new HashMap<>();
    Map<VSwitches.Key, List<ContainerGroupId>> byVSwitch = new TreeMap<>(VSwitches.BY_KEY);
    wanted.forEach(
        one -> byVSwitch.computeIfAbsent(one.vSwitch(), _ -> new ArrayList<>()).add(one.group()));
    byVSwitch.forEach(
        (key, groups) -> {
          Row row = locked.rows.get(key);
          if (row == null) {
            throw new IllegalStateException("vSwitch " + key.id() + " is not locked");
          }
          int fresh = Math.min(groups.size(), row.cidr().usable() - row.touched());
          Map<ContainerGroupId, String> addresses = new HashMap<>();
          addresses.putAll(firstTime(key, row, groups.subList(0, fresh)));
          addresses.putAll(again(key, groups.subList(fresh, groups.size())));
          addresses.forEach(
              (group, address) ->
                  given.put(
                      group,
                      new GroupAddress(address, row.cidr().toString(), row.cidr().gateway())));
        });
    return given;
  }

  private Map<ContainerGroupId, String> firstTime(
      VSwitches.Key key, Row row, List<ContainerGroupId> groups) {
    Map<ContainerGroupId, String> addresses = new HashMap<>();
    if (groups.isEmpty()) {
      return addresses;
    }
    for (int i = 0; i < groups.size(); i++) {
      addresses.put(groups.get(i), row.cidr().address(row.touched() + i));
    }
    List<Map.Entry<ContainerGroupId, String>> entries = List.copyOf(addresses.entrySet());
    jdbc.update(
        """
        insert into vswitch_address (account_id, region, vswitch_id, address, group_id)
        select account_id, region, id, address::inet, group_id
        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
          as n (account_id, region, id, address, group_id)
        """,
        Columns.of(entries)
            .text(_ -> key.account().value())
            .text(_ -> key.region().value())
            .text(_ -> key.id().value())
            .text(Map.Entry::getValue)
            .text(entry -> entry.getKey().value()));
    jdbc.update(
        """
        update vswitch set addresses_touched = addresses_touched + ?
        where account_id = ? and region = ? and id = ?
        """,
        groups.size(),
        key.account().value(),
        key.region().value(),
        key.id().value());
    return addresses;
  }

  private Map<ContainerGroupId, String> again(VSwitches.Key key, List<ContainerGroupId> groups) {
    Map<ContainerGroupId, String> addresses = new HashMap<>();
    if (groups.isEmpty()) {
      return addresses;
    }
    List<String> free =
        jdbc.query(
            """
            select host(address) from vswitch_address
            where account_id = ? and region = ? and vswitch_id = ? and group_id is null
            order by given_back_at, address limit ?
            """,
            (row, n) -> row.getString(1),
            key.account().value(),
            key.region().value(),
            key.id().value(),
            groups.size());
    for (int i = 0; i < groups.size(); i++) {
      addresses.put(groups.get(i), free.get(i));
    }
    int updated =
        jdbc.update(
            """
            update vswitch_address a set group_id = n.group_id
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
              as n (account_id, region, id, address, group_id)
            where (a.account_id, a.region, a.vswitch_id, a.address)
                = (n.account_id, n.region, n.id, n.address::inet)
              and a.group_id is null
            """,
            Columns.of(List.copyOf(addresses.entrySet()))
                .text(_ -> key.account().value())
                .text(_ -> key.region().value())
                .text(_ -> key.id().value())
                .text(Map.Entry::getValue)
                .text(entry -> entry.getKey().value()));
    if (updated != groups.size()) {
      throw new IllegalStateException("an address of vSwitch " + key.id() + " was not free");
    }
    return addresses;
  }
}
