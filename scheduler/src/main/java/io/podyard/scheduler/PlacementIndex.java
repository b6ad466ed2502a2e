package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementDecision.NotPlaced;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The hosts as placement knows them, and the picking of one. It belongs to one thread: nothing here
 * is synchronised.
 *
 * <p>A pick reserves nothing. Whoever commits a pick calls {@link #reserve} first, so that the next
 * pick sees it, and {@link #undo} if the commit fails. The database stays the referee: this index
 * may lag behind it, and {@link #put} with a fresh snapshot sets a host right.
 */
public final class PlacementIndex {

  /** Where a host is and the version at which it was last put. */
  private record Known(RegionId region, RegionHosts hosts, long putAt) {}

  private final PlacementPolicy policy;
  private final Map<RegionId, RegionHosts> regions = new HashMap<>();
  private final Map<HostId, Known> known = new HashMap<>();
  private long version;

  /** An empty index that packs by {@link PlacementPolicy#BEST_FIT}. */
  public PlacementIndex() {
    this(PlacementPolicy.BEST_FIT);
  }

  public PlacementIndex(PlacementPolicy policy) {
    this.policy = policy;
  }

  public PlacementPolicy policy() {
    return policy;
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
  public void put(HostSnapshot host) {
    Known before = known.get(host.id());
    if (before != null && !before.region().equals(host.region())) {
      forget(host.id(), before);
    }
    RegionHosts hosts = regions.computeIfAbsent(host.region(), region -> new RegionHosts());
    hosts.put(host);
    version++;
    known.put(host.id(), new Known(host.region(), hosts, version));
  }

  /** Forgets a host; false if it was not known. */
  public boolean remove(HostId id) {
    Known host = known.remove(id);
    if (host == null) {
      return false;
    }
    forget(id, host);
    version++;
    return true;
  }

  /**
   * The best host of the region that has room for the request, or the explanation why none has.
   * Changes nothing.
   */
  public PlacementDecision pick(PlacementRequest request) {
    RegionHosts hosts = regions.get(request.region());
    if (hosts != null) {
      int best = hosts.best(request, policy);
      if (best != RegionHosts.NONE) {
        return new Placed(hosts.id(best), hosts.score(best, request.size(), policy), version);
      }
    }
    return new NotPlaced(explain(request));
  }

  /** Looks at every host of the region and tells what it saw, whether or not one has room. */
  public Explanation explain(PlacementRequest request) {
    RegionHosts hosts = regions.get(request.region());
    return hosts == null ? new ExplanationTally(request).explanation() : hosts.explain(request);
  }

  /**
   * Takes the size of what is free on the host, schedulable or not. False, and no change, if the
   * host is not known or has not that much free: never more is reserved than is allocatable.
   */
  public boolean reserve(HostId id, Size size) {
    Known host = known.get(id);
    if (host == null || !host.hosts().take(id, size)) {
      return false;
    }
    version++;
    return true;
  }

  /**
   * Gives back what a group held that is gone. False, and no change, if the host is not known or
   * has less than that reserved.
   */
  public boolean release(HostId id, Size size) {
    Known host = known.get(id);
    if (host == null || !host.hosts().give(id, size)) {
      return false;
    }
    version++;
    return true;
  }

  /**
   * Takes back a {@link #reserve} that was made for this pick, exactly. False, and no change, if
   * the host was put or removed since the pick: what the snapshot says already stands without it.
   */
  public boolean undo(Placed pick, Size size) {
    Known host = known.get(pick.host());
    return host != null && host.putAt() <= pick.version() && release(pick.host(), size);
  }

  /** The host as it is now, with all that was reserved and released since it was put. */
  public Optional<HostSnapshot> host(HostId id) {
    return Optional.ofNullable(known.get(id)).map(host -> host.hosts().host(id));
  }

  private void forget(HostId id, Known host) {
    host.hosts().remove(id);
    if (host.hosts().isEmpty()) {
      regions.remove(host.region());
    }
  }
}
