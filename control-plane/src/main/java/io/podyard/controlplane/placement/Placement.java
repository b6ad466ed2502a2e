package io.podyard.controlplane.placement;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.inventory.OpenZones;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.Explanation;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.PlacementDecision;
import io.podyard.scheduler.PlacementIndex;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.Taken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.stereotype.Component;

/**
 * This process's picture of the hosts, and the picking of one. The picture may lag behind the
 * database, which is the referee; it is renewed every second and remembers what was picked and is
 * not yet written.
 */
@Component
public class Placement implements OpenZones {

  /** A host was picked and its capacity is set aside in the picture until the pick is settled. */
  public record Pick(HostId host, Taken taken) {}

  private final Inventory inventory;
  private final PlacementIndex index = new PlacementIndex();
  private final RecentRequests recent = new RecentRequests();
  private final Map<HostId, List<Taken>> unsettled = new HashMap<>();
  private final AtomicReference<Map<HostId, KnownHost>> hosts = new AtomicReference<>(Map.of());
  private final Set<HostId> open = ConcurrentHashMap.newKeySet();
  private volatile Map<RegionId, List<ZoneId>> openZones = Map.of();
  private volatile Map<RegionId, RegionKinds> kinds = Map.of();
  private volatile Map<ContainerGroupId, HostId> keptHosts = Map.of();

  public Placement(Inventory inventory) {
    this.inventory = inventory;
  }

  /**
   * Opens hosts for new groups, from the next renewal on. Hosts that the inventory has beside them
   * belong to runtimes that nobody here starts anything on.
   */
  public void open(Collection<HostId> ids) {
    open.addAll(ids);
  }

  /** Renews the picture from the database. */
  public void renew() {
    Map<HostId, KnownHost> fresh = new HashMap<>();
    Map<PoolId, PlacementPolicy> policies = inventory.policies();
    List<KnownHost> rows = inventory.hosts();
    rows.forEach(host -> fresh.put(host.snapshot().id(), host));
    synchronized (index) {
      policies.forEach(
          (pool, policy) -> {
            if (index.policy(pool) != policy) {
              index.setPolicy(pool, policy);
            }
          });
      Set<HostId> gone = new HashSet<>(hosts.get().keySet());
      gone.removeAll(fresh.keySet());
      gone.forEach(index::remove);
      rows.stream().map(KnownHost::snapshot).forEach(this::put);
      hosts.set(Map.copyOf(fresh));
      openZones = openZones(rows);
      kinds = RegionKinds.of(rows.stream().map(KnownHost::snapshot).filter(this::isOpen).toList());
      keptHosts = keptHosts(rows);
    }
  }

  private boolean isOpen(HostSnapshot host) {
    return open.contains(host.id());
  }

  private void put(HostSnapshot snapshot) {
    if (isOpen(snapshot)) {
      index.put(snapshot);
      // Also sets apart what was picked but may be in the row already: wrong for a second at most,
      // and on the safe side.
      unsettled
          .getOrDefault(snapshot.id(), List.of())
          .forEach(taken -> index.reserve(snapshot.id(), taken));
    }
  }

  /** What is asked of hosts, with what the request leaves open, as its region's hosts are now. */
  public PlacementRequest completed(PlacementRequest request) {
    return kinds.getOrDefault(request.region(), RegionKinds.NONE).complete(request);
  }

  /** Picks a host and sets its capacity aside, or empty if none has room right now. */
  public Optional<Pick> pick(PlacementRequest request) {
    synchronized (index) {
      if (recent.add(request)) {
        index.setMix(recent.mix());
      }
      return switch (index.pick(request)) {
        case PlacementDecision.Placed placed -> {
          Taken taken = taken(request, placed);
          index.reserve(placed.host(), taken);
          unsettled.computeIfAbsent(placed.host(), host -> new ArrayList<>()).add(taken);
          yield Optional.of(new Pick(placed.host(), taken));
        }
        case PlacementDecision.NotPlaced notPlaced -> Optional.empty();
      };
    }
  }

  /** Of a disk that nobody counts nothing is taken. */
  private Taken taken(PlacementRequest request, PlacementDecision.Placed placed) {
    KnownHost host = hosts.get().get(placed.host());
    boolean counted = host != null && host.snapshot().disk().counted();
    return (counted ? request : request.withDisk(0)).taking(placed.gpuDevices());
  }

  /** The pick was written: its capacity stays taken. */
  public void written(Pick pick) {
    synchronized (index) {
      settle(pick);
    }
  }

  /** The pick was not written: its capacity is free again. */
  public void notWritten(Pick pick) {
    synchronized (index) {
      settle(pick);
      index.release(pick.host(), pick.taken());
    }
  }

  /**
   * vCPU and memory came back to a host. Where more than these are counted, its row is read again:
   * it says what came back of the rest.
   */
  public void released(HostId host, Size size) {
    KnownHost known = hosts.get().get(host);
    if (known != null && countsMore(known.snapshot())) {
      Optional<KnownHost> now = inventory.host(host);
      synchronized (index) {
        now.map(KnownHost::snapshot).ifPresent(this::put);
      }
      return;
    }
    synchronized (index) {
      index.release(host, size);
    }
  }

  private static boolean countsMore(HostSnapshot host) {
    return host.disk().counted() || host.gpus().count() > 0;
  }

  private void settle(Pick pick) {
    unsettled.computeIfPresent(
        pick.host(),
        (host, picks) -> {
          picks.remove(pick.taken());
          return picks.isEmpty() ? null : picks;
        });
  }

  /** Why a request has or has not a host, with numbers and without host names. */
  public Explanation explain(PlacementRequest request) {
    synchronized (index) {
      return index.explain(request);
    }
  }

  /** Where there will be room soonest for a request that has none, as far as can be told. */
  public Optional<HostId> closest(PlacementRequest request) {
    synchronized (index) {
      return index.closest(request);
    }
  }

  /** The request of a group with the host that is kept for it, if there is one. */
  public PlacementRequest withKeptHost(ContainerGroupId group, PlacementRequest request) {
    HostId kept = keptHosts.get(group);
    return kept == null ? request : request.withKeptHost(kept);
  }

  private static Map<ContainerGroupId, HostId> keptHosts(List<KnownHost> rows) {
    Map<ContainerGroupId, HostId> kept = new HashMap<>();
    for (KnownHost host : rows) {
      ContainerGroupId group = host.keptFor();
      if (group != null) {
        kept.put(group, host.snapshot().id());
      }
    }
    return kept;
  }

  /** Those with a host that is open for new groups, ready or not. */
  @Override
  public List<ZoneId> openZones(RegionId region) {
    return openZones.getOrDefault(region, List.of());
  }

  private Map<RegionId, List<ZoneId>> openZones(List<KnownHost> rows) {
    Map<RegionId, TreeSet<ZoneId>> zones = new HashMap<>();
    rows.stream()
        .map(KnownHost::snapshot)
        .filter(this::isOpen)
        .forEach(
            host ->
                zones.computeIfAbsent(host.region(), region -> new TreeSet<>()).add(host.zone()));
    Map<RegionId, List<ZoneId>> lists = new HashMap<>();
    zones.forEach((region, ids) -> lists.put(region, List.copyOf(ids)));
    return lists;
  }

  /** The host as it was when the picture was renewed last. */
  public Optional<KnownHost> host(HostId host) {
    return Optional.ofNullable(hosts.get().get(host));
  }

  /** All hosts as they were when the picture was renewed last. */
  public List<HostSnapshot> hosts() {
    return hosts.get().values().stream().map(KnownHost::snapshot).toList();
  }

  /** All hosts of a shard. */
  public List<HostId> hostsOfShard(int shard) {
    return hosts.get().values().stream()
        .filter(host -> host.shard() == shard)
        .map(host -> host.snapshot().id())
        .sorted()
        .toList();
  }
}
