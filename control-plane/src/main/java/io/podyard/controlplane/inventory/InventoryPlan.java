package io.podyard.controlplane.inventory;

import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * All that an inventory file declares: zones by region, pools, and the hosts of all pools.
 *
 * @param namesPools whether it has a list of pools, be it empty; what has none may be the beginning
 *     of a file
 */
public record InventoryPlan(
    Map<RegionId, List<ZoneId>> zones,
    List<PoolDeclaration> pools,
    List<HostDeclaration> hosts,
    boolean namesPools) {

  public static final InventoryPlan EMPTY =
      new InventoryPlan(Map.of(), List.of(), List.of(), false);

  public InventoryPlan {
    zones = Map.copyOf(zones);
    pools = List.copyOf(pools);
    hosts = List.copyOf(hosts);
  }
}
