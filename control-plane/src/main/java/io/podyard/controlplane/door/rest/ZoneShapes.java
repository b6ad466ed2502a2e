package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.inventory.DeclaredZones;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about the zones that operators declare. */
final class ZoneShapes {

  private ZoneShapes() {}

  /** Asks for all zones. */
  record ZonesRequest() {}

  /** Is about one zone. */
  record ZoneRequest(@Nullable String regionId, @Nullable String zoneId) {}

  /** All zones. */
  record ZonesResponse(List<ZoneResponse> zones) {}

  /** One zone. */
  record ZoneResponse(
      String regionId, String zoneId, String declaredBy, int hosts, int vSwitches, boolean open) {

    static ZoneResponse of(DeclaredZones.Declared declared) {
      return new ZoneResponse(
          declared.region().value(),
          declared.zone().value(),
          InventoryShapes.name(declared.by()),
          declared.hosts(),
          declared.vSwitches(),
          declared.open());
    }
  }
}
