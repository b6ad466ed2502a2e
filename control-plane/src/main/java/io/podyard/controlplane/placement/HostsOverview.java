package io.podyard.controlplane.placement;

import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.HostSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What follows from all hosts together, however full they are: it is made anew when one comes, goes
 * or is elsewhere, and when all are read again.
 *
 * @param kinds of the open hosts, by region
 * @param openZones those with an open host, by region, in their order
 * @param keptHosts by the group that each is kept for
 * @param ofShards all hosts, by shard, in the order of their ids
 * @param capacities of the open hosts, for each region
 */
record HostsOverview(
    Map<RegionId, RegionKinds> kinds,
    Map<RegionId, List<ZoneId>> openZones,
    Map<ContainerGroupId, HostId> keptHosts,
    Map<Integer, List<HostId>> ofShards,
    List<RegionCapacity> capacities) {

  static final HostsOverview NONE =
      new HostsOverview(Map.of(), Map.of(), Map.of(), Map.of(), List.of());

  /**
   * What follows from other hosts than these did. Lists that are what they were stay the same
   * objects: who goes by them sees at once that nothing has changed.
   *
   * @param open whether a host is open for new groups, ready or not
   */
  HostsOverview next(Collection<KnownHost> all, Predicate<HostSnapshot> open) {
    List<HostSnapshot> opened = all.stream().map(KnownHost::snapshot).filter(open).toList();
    Map<Integer, List<HostId>> shards = ofShards(all);
    shards.replaceAll((shard, ids) -> ids.equals(ofShards.get(shard)) ? ofShards.get(shard) : ids);
    return new HostsOverview(
        RegionKinds.of(opened),
        openZones(opened),
        keptHosts(all),
        shards,
        RegionCapacity.of(opened));
  }

  private static Map<RegionId, List<ZoneId>> openZones(List<HostSnapshot> opened) {
    Map<RegionId, TreeSet<ZoneId>> zones = new HashMap<>();
    for (HostSnapshot host : opened) {
      zones.computeIfAbsent(host.region(), _ -> new TreeSet<>()).add(host.zone());
    }
    Map<RegionId, List<ZoneId>> lists = new HashMap<>();
    zones.forEach((region, ids) -> lists.put(region, List.copyOf(ids)));
    return lists;
  }

  private static Map<ContainerGroupId, HostId> keptHosts(Collection<KnownHost> all) {
    Map<ContainerGroupId, HostId> kept = new HashMap<>();
    for (KnownHost host : all) {
      ContainerGroupId group = host.keptFor();
      if (group != null) {
        kept.put(group, host.snapshot().id());
      }
    }
    return kept;
  }

  private static Map<Integer, List<HostId>> ofShards(Collection<KnownHost> all) {
    Map<Integer, List<HostId>> shards = new HashMap<>();
    all.stream()
        .sorted(Comparator.comparing(host -> host.snapshot().id()))
        .forEach(
            host ->
                shards
                    .computeIfAbsent(host.shard(), _ -> new ArrayList<>())
                    .add(host.snapshot().id()));
    shards.replaceAll((_, ids) -> Collections.unmodifiableList(ids));
    return shards;
  }
}
