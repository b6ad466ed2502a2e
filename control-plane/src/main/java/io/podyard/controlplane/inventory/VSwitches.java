package io.podyard.controlplane.inventory;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * In which zone each vSwitch is. Programs written for ECI bring the ids of theirs; one that was
 * never seen gets its zone with the first group that is created in it and keeps it.
 */
@Component
public class VSwitches {

  /** A vSwitch of an account. */
  public record Key(AccountId account, RegionId region, VSwitchId id) {}

  /** A vSwitch and the zone it is in, or is to be in. */
  public record Placed(Key key, ZoneId zone) {}

  private static final Comparator<Key> BY_KEY =
      Comparator.comparing(Key::account).thenComparing(Key::region).thenComparing(Key::id);

  private final JdbcTemplate jdbc;

  public VSwitches(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** The zones of those that are registered. */
  public Map<Key, ZoneId> zones(List<Key> keys) {
    Map<Key, ZoneId> zones = new HashMap<>();
    if (keys.isEmpty()) {
      return zones;
    }
    jdbc.query(
        """
        select account_id, region, id, zone from vswitch
        join unnest(?::text[], ?::text[], ?::text[]) as wanted (account_id, region, id)
          using (account_id, region, id)
        """,
        columns(keys),
        row -> {
          zones.put(
              new Key(
                  new AccountId(row.getString(1)),
                  new RegionId(row.getString(2)),
                  new VSwitchId(row.getString(3))),
              new ZoneId(row.getString(4)));
        });
    return zones;
  }

  /**
   * Registers vSwitches inside the caller's transaction; one that is registered, or comes twice,
   * stays where it was first.
   *
   * @return the zones they are in now
   */
  public Map<Key, ZoneId> register(List<Placed> wanted) {
    if (wanted.isEmpty()) {
      return Map.of();
    }
    // In one order for all processes, or two batches could wait for each other.
    List<Placed> ordered =
        wanted.stream().sorted(Comparator.comparing(Placed::key, BY_KEY)).toList();
    jdbc.update(
        """
        insert into vswitch (account_id, region, id, zone)
        select * from unnest(?::text[], ?::text[], ?::text[], ?::text[])
        on conflict do nothing
        """,
        Columns.of(ordered)
            .text(v -> v.key().account().value())
            .text(v -> v.key().region().value())
            .text(v -> v.key().id().value())
            .text(v -> v.zone().value()));
    return zones(ordered.stream().map(Placed::key).distinct().toList());
  }

  private static Columns<Key> columns(List<Key> keys) {
    return Columns.of(keys)
        .text(key -> key.account().value())
        .text(key -> key.region().value())
        .text(key -> key.id().value());
  }
}
