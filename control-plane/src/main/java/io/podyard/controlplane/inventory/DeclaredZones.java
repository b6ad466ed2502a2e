package io.podyard.controlplane.inventory;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Zones that operators declare, and those that settings bring, in the table. A region is there as
 * long as it has a zone. A zone is the inventory file's or the settings' if those of this process
 * name it, and any other is the API's: nothing is stored of it, because all processes of an
 * installation have the same file.
 */
@Component
public class DeclaredZones {

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final Inventory inventory;
  private final OpenZones open;
  private final ZoneRemains remains;
  private final Map<RegionId, List<ZoneId>> ofSettings;
  private volatile Map<RegionId, List<ZoneId>> ofFile = Map.of();

  public DeclaredZones(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      Inventory inventory,
      OpenZones open,
      PodyardSettings settings) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.inventory = inventory;
    this.open = open;
    this.remains = new ZoneRemains(jdbc);
    this.ofSettings =
        Map.of(settings.regionId(), WellKnownZones.of(settings.regionId(), settings.zones()));
  }

  /**
   * A zone as it is.
   *
   * @param hosts that are in it, whatever their state
   * @param vSwitches of all accounts that are in it
   * @param open whether a host of its own takes new groups
   */
  public record Declared(
      RegionId region, ZoneId zone, DeclaredBy by, int hosts, int vSwitches, boolean open) {}

  /** All zones, in the order of their regions and ids. */
  public List<Declared> all() {
    return all("true");
  }

  /** One zone. */
  public Optional<Declared> find(RegionId region, ZoneId zone) {
    return all("z.region = ? and z.id = ?", region.value(), zone.value()).stream().findFirst();
  }

  private List<Declared> all(String which, Object... parameters) {
    return jdbc.query(
        """
        select z.region, z.id, coalesce(h.hosts, 0), coalesce(v.vswitches, 0)
        from zone z
        left join (select region, zone, count(*) as hosts from host group by region, zone) h
          on (h.region, h.zone) = (z.region, z.id)
        left join (select region, zone, count(*) as vswitches from vswitch group by region, zone) v
          on (v.region, v.zone) = (z.region, z.id)
        where %s
        order by z.region collate "C", z.id collate "C"
        """
            .formatted(which),
        (row, n) -> {
          RegionId region = new RegionId(row.getString(1));
          ZoneId zone = new ZoneId(row.getString(2));
          return new Declared(
              region,
              zone,
              by(region, zone),
              row.getInt(3),
              row.getInt(4),
              open.openZones(region).contains(zone));
        },
        parameters);
  }

  /** Whose a zone is that is there. */
  private DeclaredBy by(RegionId region, ZoneId zone) {
    if (ofFile.getOrDefault(region, List.of()).contains(zone)) {
      return DeclaredBy.FILE;
    }
    return ofSettings.getOrDefault(region, List.of()).contains(zone)
        ? DeclaredBy.SETTINGS
        : DeclaredBy.API;
  }

  /**
   * Takes the zones of the inventory file for the file's from now on, and adds those that there are
   * not. Those that were in it before stay as if the API had declared them.
   */
  public void declareInFile(Map<RegionId, List<ZoneId>> zones) {
    ofFile = Map.copyOf(zones);
    renew();
  }

  /**
   * Adds what the file or the settings declare and there is not: a process that knows neither may
   * have taken it away.
   */
  public void renew() {
    Map<RegionId, List<ZoneId>> there = inventory.zones();
    for (Map<RegionId, List<ZoneId>> declared : List.of(ofSettings, ofFile)) {
      declared.forEach(
          (region, zones) -> {
            List<ZoneId> known = there.getOrDefault(region, List.of());
            inventory.addZones(
                region, zones.stream().filter(zone -> !known.contains(zone)).toList());
          });
    }
  }

  /**
   * Adds a zone, and its region if it is the first one there, for the API; one that there is stays
   * as it is.
   *
   * @return why not; empty if it is there
   */
  public Optional<String> add(RegionId region, ZoneId zone) {
    DeclaredBy by = by(region, zone);
    if (by.keepsFrom(DeclaredBy.API)) {
      return Optional.of(by.says("zone " + zone));
    }
    inventory.addZones(region, List.of(zone));
    return Optional.empty();
  }

  /**
   * Takes a zone away for the API in which nothing is, and its region with it if it is the last one
   * there.
   *
   * @return why not; empty if it is gone
   */
  public Optional<String> remove(RegionId region, ZoneId zone) {
    DeclaredBy by = by(region, zone);
    if (by != DeclaredBy.API) {
      return Optional.of(by.says("zone " + zone));
    }
    return transaction.execute(status -> removeLocked(region, zone));
  }

  private Optional<String> removeLocked(RegionId region, ZoneId zone) {
    // One at a time in a region, or two could each leave the other as the last.
    jdbc.query(
        "select pg_advisory_xact_lock(hashtextextended('zones of ' || ?, 0))",
        row -> {},
        region.value());
    // Whoever puts a host or a vSwitch there waits for this, and then finds no such zone.
    jdbc.query(
        "select 1 from zone where region = ? and id = ? for update",
        row -> {},
        region.value(),
        zone.value());
    Optional<String> why = remains.of(region, zone);
    if (why.isEmpty()) {
      jdbc.update("delete from zone where region = ? and id = ?", region.value(), zone.value());
    }
    return why;
  }
}
