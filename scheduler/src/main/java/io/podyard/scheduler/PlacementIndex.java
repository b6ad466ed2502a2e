package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementDecision.NotPlaced;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The hosts as placement knows them, and the picking of one. It belongs to one thread: nothing here
 * is synchronised.
 *
 * <p>A pick reserves nothing. Whoever commits a pick calls {@link #reserve} first, so that the next
 * pick sees it, and {@link #undo} if the commit fails. The database stays the referee: this index
 * may lag behind it, and {@link #put} with a fresh snapshot sets a host right.
 */
public final class PlacementIndex {

  private final PlacementPolicy policy;
  private final Map<PoolId, PlacementPolicy> policies = new HashMap<>();
  private final Map<RegionId, RegionHosts> regions = new HashMap<>();
  private final Map<HostId, KnownHost> known = new HashMap<>();
  private RequestMix mix = RequestMix.UNKNOWN;
  private Fragments fragments = new Fragments(RequestMix.UNKNOWN);
  private long version;

  /** An empty index that packs by {@link PlacementPolicy#BEST_FIT}. */
  public PlacementIndex() {
    this(PlacementPolicy.BEST_FIT);
  }

  /**
   * An empty index.
   *
   * @param policy of pools that are given no other
   */
  public PlacementIndex(PlacementPolicy policy) {
    this.policy = policy;
  }

  /** The policy of pools that are given no other. */
  public PlacementPolicy policy() {
    return policy;
  }

  /** The policy by which hosts of this pool are taken. */
  public PlacementPolicy policy(PoolId pool) {
    return policies.getOrDefault(pool, policy);
  }

  /**
   * Gives a pool a policy. Scores of two policies cannot be compared: where pools of a region have
   * several, the hosts of one policy are looked at after those of another, in the order of {@link
   * PlacementPolicy}, unless the request has an order of pools ({@link HostWishes#pools}).
   */
  public void setPolicy(PoolId pool, PlacementPolicy its) {
    policies.put(pool, its);
    regions.values().forEach(RegionHosts::policiesChanged);
    version++;
  }

  /** What is typically asked for, which {@link PlacementPolicy#FRAGMENTATION_AWARE} looks at. */
  public void setMix(RequestMix typical) {
    mix = typical;
    fragments = new Fragments(typical);
    regions.values().forEach(hosts -> hosts.mix(mix, fragments));
    version++;
  }

  /** Grows by one with every change. */
  public long version() {
    return version;
  }

  /** How many hosts are known, schedulable or not. */
  public int size() {
    return known.size();
  }

  /**
   * Adds a host or replaces all that is known of it, what was reserved here included: the snapshot
   * says what is reserved now.
   */
  public void put(HostSnapshot snapshot) {
    KnownHost host = known.get(snapshot.id());
    if (host != null && !host.asPut.region().equals(snapshot.region())) {
      forget(host);
      host = null;
    }
    if (host == null) {
      host = region(snapshot.region()).add(snapshot);
      known.put(snapshot.id(), host);
    } else {
      host.region.set(host, snapshot);
    }
    version++;
    host.putAt = version;
  }

  /** Forgets a host; false if it was not known. */
  public boolean remove(HostId id) {
    KnownHost host = known.remove(id);
    if (host == null) {
      return false;
    }
    forget(host);
    version++;
    return true;
  }

  /**
   * The best host of the region that has room for the request, or the explanation why none has.
   * Changes nothing.
   */
  public PlacementDecision pick(PlacementRequest request) {
    RegionHosts hosts = regions.get(request.region());
    return decision(request, hosts == null ? null : placed(hosts, hosts.pick(request)));
  }

  /** What {@link #pick} finds, without the look at every host that explains why none has room. */
  public Optional<Placed> find(PlacementRequest request) {
    RegionHosts hosts = regions.get(request.region());
    return Optional.ofNullable(hosts == null ? null : placed(hosts, hosts.pick(request)));
  }

  /**
   * What {@link #pick} answers, found by looking at every host instead: for whoever wants to
   * compare them.
   */
  public PlacementDecision scan(PlacementRequest request) {
    RegionHosts hosts = regions.get(request.region());
    return decision(request, hosts == null ? null : placed(hosts, hosts.scan(request)));
  }

  private @Nullable Placed placed(RegionHosts hosts, int row) {
    return row == RegionHosts.NONE
        ? null
        : new Placed(hosts.id(row), hosts.pickedScore(), version, hosts.pickedDevices());
  }

  private PlacementDecision decision(PlacementRequest request, @Nullable Placed placed) {
    return placed == null ? new NotPlaced(explain(request)) : placed;
  }

  /** Whether a host has room for the request now and may take it; false of one that is unknown. */
  public boolean fits(PlacementRequest request, HostId host) {
    KnownHost its = known.get(host);
    RegionHosts hosts = regions.get(request.region());
    return its != null && its.region == hosts && its.region.fits(request, its.row);
  }

  /** Looks at every host of the region and tells what it saw, whether or not one has room. */
  public Explanation explain(PlacementRequest request) {
    RegionHosts hosts = regions.get(request.region());
    return hosts == null
        ? new ExplanationTally(request).explanation(List.of())
        : hosts.explain(request);
  }

  /**
   * The host on which there will be room for the request soonest, as far as can be told now: of
   * those that could take it if they were empty, are ready and not kept for others, the one that
   * lacks least; the smallest id of several. Looks at every host of the region.
   */
  public Optional<HostId> closest(PlacementRequest request) {
    RegionHosts hosts = regions.get(request.region());
    int row = hosts == null ? RegionHosts.NONE : hosts.closest(request);
    return hosts == null || row == RegionHosts.NONE ? Optional.empty() : Optional.of(hosts.id(row));
  }

  /**
   * Takes of what is free on the host, schedulable or not, these devices and no others. False, and
   * no change, if the host is not known or has not that much free: never more is reserved than is
   * allocatable.
   */
  public boolean reserve(HostId id, Taken taken) {
    KnownHost host = known.get(id);
    if (host == null || !host.region.take(host, taken)) {
      return false;
    }
    version++;
    return true;
  }

  /** The same for vCPU and memory alone. */
  public boolean reserve(HostId id, Size size) {
    return reserve(id, Taken.of(size));
  }

  /**
   * Gives back what a group held that is gone. False, and no change, if the host is not known or
   * has less than that reserved, of each device.
   */
  public boolean release(HostId id, Taken taken) {
    KnownHost host = known.get(id);
    if (host == null || !host.region.give(host, taken)) {
      return false;
    }
    version++;
    return true;
  }

  /** The same for vCPU and memory alone. */
  public boolean release(HostId id, Size size) {
    return release(id, Taken.of(size));
  }

  /**
   * Takes back a {@link #reserve} that was made for this pick, exactly. False, and no change, if
   * the host was put or removed since the pick: what the snapshot says already stands without it.
   */
  public boolean undo(Placed pick, Taken taken) {
    KnownHost host = known.get(pick.host());
    return host != null && host.putAt <= pick.version() && release(pick.host(), taken);
  }

  /** The same for vCPU and memory alone. */
  public boolean undo(Placed pick, Size size) {
    return undo(pick, Taken.of(size));
  }

  /** The host as it is now, with all that was reserved and released since it was put. */
  public Optional<HostSnapshot> host(HostId id) {
    return Optional.ofNullable(known.get(id)).map(host -> host.region.now(host));
  }

  private RegionHosts region(RegionId id) {
    return regions.computeIfAbsent(
        id,
        region -> {
          RegionHosts hosts = new RegionHosts(known, this::policy);
          hosts.mix(mix, fragments);
          return hosts;
        });
  }

  private void forget(KnownHost host) {
    host.region.remove(host);
    if (host.region.isEmpty()) {
      regions.remove(host.asPut.region());
    }
  }
}
