package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * No caches that new groups could mount, and hosts that hold whatever others mount.
 *
 * @param holders of any of them
 */
record FixedDataCaches(Set<HostId> holders) implements GroupDataCaches {

  static final GroupDataCaches NONE = new FixedDataCaches(Set.of());

  @Override
  public Look look(AccountId account, RegionId region, String bucket, String path) {
    return new Look.Nothing();
  }

  @Override
  public Map<String, Set<HostId>> hosts(Set<String> keys) {
    return keys.stream().collect(Collectors.toMap(key -> key, _ -> holders));
  }

  @Override
  public void use(ContainerGroupId group, Collection<Mounted> data) {}
}
