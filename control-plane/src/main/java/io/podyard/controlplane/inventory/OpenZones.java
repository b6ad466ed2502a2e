package io.podyard.controlplane.inventory;

import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.List;

/** Which zones new groups can be in. */
@FunctionalInterface
public interface OpenZones {

  /** The zones of a region that have a host for new groups, in the order of their names. */
  List<ZoneId> openZones(RegionId region);
}
