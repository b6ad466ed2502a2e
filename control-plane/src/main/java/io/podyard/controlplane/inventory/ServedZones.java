package io.podyard.controlplane.inventory;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.settings.ZonesWithoutHosts;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.PlacementRequest;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Which hosts take the groups for a zone: its own, or, for one that has none, those of the whole
 * region unless the settings refuse that. Programs written for ECI name any of its zones, and the
 * hosts of one machine are in one of them.
 */
@Component
public class ServedZones {

  private final OpenZones open;
  private final ZonesWithoutHosts withoutHosts;

  public ServedZones(OpenZones open, PodyardSettings settings) {
    this.open = open;
    this.withoutHosts = settings.zonesWithoutHosts();
  }

  /**
   * Where hosts are looked for, as things are now; the zone that was asked for stays the group's.
   */
  public PlacementRequest hostsFor(PlacementRequest wanted) {
    ZoneId zone = wanted.zone();
    return zone == null || hasHosts(wanted.region(), zone) || !othersServe(wanted.region())
        ? wanted
        : wanted.inAnyZone();
  }

  /** Those of a region's zones that groups can be in. */
  List<ZoneId> of(RegionId region, List<ZoneId> zones) {
    return othersServe(region)
        ? zones
        : zones.stream().filter(zone -> hasHosts(region, zone)).toList();
  }

  private boolean hasHosts(RegionId region, ZoneId zone) {
    return open.openZones(region).contains(zone);
  }

  private boolean othersServe(RegionId region) {
    return switch (withoutHosts) {
      case SERVED -> !open.openZones(region).isEmpty();
      case REFUSED -> false;
    };
  }
}
