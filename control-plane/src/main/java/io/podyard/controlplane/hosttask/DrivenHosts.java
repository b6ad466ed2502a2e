package io.podyard.controlplane.hosttask;

import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.HostId;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The hosts that this process drives, and by which right. */
@Component
public class DrivenHosts {

  private final ShardLeases leases;
  private final Placement placement;

  public DrivenHosts(ShardLeases leases, Placement placement) {
    this.leases = leases;
    this.placement = placement;
  }

  /** Those of the shards that are held right now; the caller's own to change. */
  public Map<HostId, ShardLease> all() {
    Map<HostId, ShardLease> hosts = new HashMap<>();
    for (int shard : leases.shards()) {
      leases
          .held(shard)
          .ifPresent(
              lease -> placement.hostsOfShard(shard).forEach(host -> hosts.put(host, lease)));
    }
    return hosts;
  }
}
