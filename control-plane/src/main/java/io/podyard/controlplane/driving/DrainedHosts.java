package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.inventory.HostTrouble;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.util.function.BiConsumer;

/**
 * Has the groups driven that are left on drained hosts after the deadline; their driver ends them.
 * Which those are is in the tables, so it matters not who began.
 */
final class DrainedHosts {

  private final GroupStore groups;
  private final ShardLeases leases;
  private final KnownTroubles troubles;
  private final BiConsumer<HostId, ContainerGroupId> drive;

  DrainedHosts(
      GroupStore groups,
      ShardLeases leases,
      KnownTroubles troubles,
      BiConsumer<HostId, ContainerGroupId> drive) {
    this.groups = groups;
    this.leases = leases;
    this.troubles = troubles;
    this.drive = drive;
  }

  void round() {
    for (HostTrouble trouble : troubles.toBeEmptied()) {
      if (!trouble.unreachable() && !trouble.lost() && leases.held(trouble.shard()).isPresent()) {
        groups.leftOnDrained(trouble.host()).forEach(group -> drive.accept(trouble.host(), group));
      }
    }
  }
}
