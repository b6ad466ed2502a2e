package io.podyard.controlplane.inventory;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * In which zone each vSwitch is and which addresses it has. Programs written for ECI bring the ids
 * of theirs; one that was never seen gets its zone with the first group that is created in it and
 * keeps it, and its groups get addresses from their hosts.
 */
@Component
public class VSwitches {

  /** A vSwitch of an account. */
  public record Key(AccountId account, RegionId region, VSwitchId id) {}

  /**
   * A vSwitch as a group is to be in it.
   *
   * @param zone it is in, or is to be in
   * @param cidr null if it has no addresses of its own
   * @param known whether it is registered already
   */
  public record Placed(Key key, ZoneId zone, @Nullable CidrBlock cidr, boolean known) {

    /** One that is to be registered. */
    public Placed(Key key, ZoneId zone) {
      this(key, zone, null, false);
    }
  }

  /**
   * A vSwitch as it is registered. Zone and addresses never change.
   *
   * @param cidr null if it has no addresses of its own
   */
  public record Registered(ZoneId zone, @Nullable CidrBlock cidr) {

    /** Whether it is what was found when the group's place was chosen. */
    public boolean agrees(Placed placed) {
      return zone.equals(placed.zone()) && Objects.equals(cidr, placed.cidr());
    }
  }

  /**
   * A vSwitch and what is left of it.
   *
   * @param free addresses, up to {@link #MOST_COUNTED}; 0 if it has none of its own
   */
  public record Seen(Registered registered, int free) {}

  /** As many groups as one request or round gives addresses to. */
  static final int MOST_COUNTED = 1000;

  static final Comparator<Key> BY_KEY =
      Comparator.comparing(Key::account).thenComparing(Key::region).thenComparing(Key::id);

  private final JdbcTemplate jdbc;

  public VSwitches(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Those that are registered, with what is free in them now. */
  public Map<Key, Seen> look(Collection<Key> keys) {
    Map<Key, Seen> seen = new HashMap<>();
    if (keys.isEmpty()) {
      return seen;
    }
    jdbc.query(
        """
        select account_id, region, id, zone, cidr, addresses_touched, case when cidr is null then 0 else (
                 select count(*) from (
                   select 1 from vswitch_address a
                   where (a.account_id, a.region, a.vswitch_id) = (v.account_id, v.region, v.id)
                     and a.group_id is null
                   limit %d) free) end
        from vswitch v join unnest(?::text[], ?::text[], ?::text[]) as wanted (account_id, region, id)
          using (account_id, region, id)
        """
            .formatted(MOST_COUNTED),
        columns(List.copyOf(keys)),
        row -> {
          Registered registered = registered(row);
          CidrBlock cidr = registered.cidr();
          int free = cidr == null ? 0 : cidr.usable() - row.getInt(6) + row.getInt(7);
          seen.put(key(row), new Seen(registered, Math.min(free, MOST_COUNTED)));
        });
    return seen;
  }

  /**
   * Registers vSwitches that are not known yet, inside the caller's transaction, and keeps those
   * that there are from being deleted until its end; one that is registered, or comes twice, stays
   * where it was first.
   *
   * @return as what they are registered now; one that was known and is deleted is left out, and so
   *     is one whose zone is gone
   */
  public Map<Key, Registered> register(List<Placed> wanted) {
    Map<Key, Registered> found = new HashMap<>();
    if (wanted.isEmpty()) {
      return found;
    }
    // In one order for all processes, or two batches could wait for each other.
    List<Placed> unknown =
        wanted.stream()
            .filter(placed -> !placed.known())
            .sorted(Comparator.comparing(Placed::key, BY_KEY))
            .toList();
    if (!unknown.isEmpty()) {
      jdbc.update(
          """
          insert into vswitch (account_id, region, id, zone)
          select w.account_id, w.region, w.id, w.zone
          from unnest(?::text[], ?::text[], ?::text[], ?::text[])
            with ordinality as w (account_id, region, id, zone, n)
          where exists (select 1 from zone z where (z.region, z.id) = (w.region, w.zone))
          order by w.n
          on conflict do nothing
          """,
          Columns.of(unknown)
              .text(v -> v.key().account().value())
              .text(v -> v.key().region().value())
              .text(v -> v.key().id().value())
              .text(v -> v.zone().value()));
    }
    jdbc.query(
        """
        select account_id, region, id, zone, cidr from vswitch
        where (account_id, region, id) in (select * from unnest(?::text[], ?::text[], ?::text[]))
        order by account_id, region, id for key share
        """,
        columns(wanted.stream().map(Placed::key).distinct().toList()),
        row -> {
          found.put(key(row), registered(row));
        });
    return found;
  }

  static Key key(ResultSet row) throws SQLException {
    return new Key(
        new AccountId(row.getString(1)),
        new RegionId(row.getString(2)),
        new VSwitchId(row.getString(3)));
  }

  private static Registered registered(ResultSet row) throws SQLException {
    return new Registered(new ZoneId(row.getString(4)), cidr(row.getString(5)));
  }

  static @Nullable CidrBlock cidr(@Nullable String text) {
    return text == null ? null : CidrBlock.parse(text).orElseThrow();
  }

  static Columns<Key> columns(List<Key> keys) {
    return Columns.of(keys)
        .text(key -> key.account().value())
        .text(key -> key.region().value())
        .text(key -> key.id().value());
  }
}
