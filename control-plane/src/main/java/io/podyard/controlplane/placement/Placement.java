package io.podyard.controlplane.placement;

import io.podyard.controlplane.inventory.HostChanges;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.inventory.OpenZones;
import io.podyard.model.AccountId;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * This process's picture of the hosts, and the picking of one. The picture may lag behind the
 * database, which is the referee; it is renewed every second and remembers what was picked and is
 * not yet written.
 */
@Component
public class Placement implements OpenZones {

  /**
   * A host was picked and its capacity is set aside in the picture until the pick is settled.
   *
   * @param decision why, null unless this pick is one of those that are explained
   */
  public record Pick(HostId host, Taken taken, @Nullable Decision decision) {

    /** A pick that is not explained. */
    public Pick(HostId host, Taken taken) {
      this(host, taken, null);
    }
  }

  /**
   * What a new group gets.
   *
   * @param othersFirst whether there is room, but where others wait for it
   */
  public record NewPick(Optional<Pick> pick, boolean othersFirst) {}

  /** Wants to know what was decided. It is told by whoever decided, and does not hold that up. */
  public interface Listener {

    /** A group was written with the host that was picked for it. */
    void placed(AccountId account, ContainerGroupId group, Pick pick);

    /**
     * No host could ever take what was asked for, or none could in time.
     *
     * @param group null if none was made
     */
    void refused(AccountId account, @Nullable ContainerGroupId group, Decision decision);
  }

  /** What is changed elsewhere than in the rows of hosts and pools is seen after that long. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Inventory inventory;
  private final HostChanges changes;
  private final Object renewal = new Object();
  private final PlacementIndex index = new PlacementIndex();
  private final RecentRequests recent = new RecentRequests();
  private final UnsettledPicks picks = new UnsettledPicks();
  private final AtomicReference<Map<HostId, KnownHost>> hosts = new AtomicReference<>(Map.of());
  private final Set<HostId> open = ConcurrentHashMap.newKeySet();
  private volatile boolean opened;
  private volatile Supplier<Set<Integer>> driving = Set::of;
  private volatile Set<Integer> driven = Set.of();
  private HostChanges.@Nullable Mark mark;
  private long wholeAt;
  private volatile HostsOverview overview = HostsOverview.NONE;
  private final WaitedFor waitedFor = new WaitedFor();
  private final NewcomerPicks newcomers = new NewcomerPicks(index, waitedFor);
  private final PassedOver passedOver;
  private final DecisionSampling sampling = new DecisionSampling(System::nanoTime);
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  public Placement(Inventory inventory) {
    this.inventory = inventory;
    this.changes = inventory.hostChanges();
    this.passedOver = new PassedOver(System::nanoTime, this::show);
  }

  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  /** What others wait for when a new group comes. */
  public WaitedFor waitedFor() {
    return waitedFor;
  }

  /** Hosts that are passed over because they did not answer just now, whatever their rows say. */
  public PassedOver passedOver() {
    return passedOver;
  }

  /**
   * Says which shards this process drives: their hosts are preferred, from the next renewal on. So
   * processes that place at the same time do not pick the same hosts, of which all but one of them
   * would lose what is left, and do not wait for one another's rows.
   */
  public void prefer(Supplier<Set<Integer>> shards) {
    driving = shards;
  }

  /**
   * Opens hosts for new groups, from the next renewal on. Hosts that the inventory has beside them
   * belong to runtimes that nobody here starts anything on.
   */
  public void open(Collection<HostId> ids) {
    if (open.addAll(ids)) {
      opened = true;
    }
  }

  /**
   * Renews the picture from the database: reads what was written since the last time, and where
   * this process has changed the picture itself.
   */
  public void renew() {
    synchronized (renewal) {
      passedOver.expire();
      Map<PoolId, PlacementPolicy> policies = inventory.policies();
      HostChanges.Mark next = changes.mark();
      HostChanges.Mark last = mark;
      Set<Integer> now = driving.get();
      mark = null; // if anything fails all is read the next time
      boolean whole =
          opened
              || last == null
              || !last.pools().equals(next.pools())
              || !driven.equals(now)
              || System.nanoTime() - wholeAt > LONGEST_NANOS;
      opened = false;
      driven = now;
      Set<HostId> doubtful;
      synchronized (index) {
        policies.forEach(
            (pool, policy) -> {
              if (index.policy(pool) != policy) {
                index.setPolicy(pool, policy);
              }
            });
        doubtful = picks.renew();
      }
      if (last == null || whole || !renew(changes.since(last, doubtful), next.hosts())) {
        renewAll(changes.all());
        wholeAt = System.nanoTime();
      }
      mark = next;
    }
  }

  /**
   * Renews some hosts.
   *
   * @return whether all are known then, and none that is gone
   */
  private boolean renew(List<KnownHost> rows, int count) {
    if (!rows.isEmpty()) {
      Map<HostId, KnownHost> fresh = new HashMap<>(hosts.get());
      boolean moved = false;
      for (KnownHost row : rows) {
        moved |= isElsewhere(fresh.put(row.snapshot().id(), row), row);
      }
      put(rows, fresh, moved);
    }
    return hosts.get().size() == count;
  }

  private static boolean isElsewhere(@Nullable KnownHost before, KnownHost now) {
    return before == null
        || before.shard() != now.shard()
        || !before.snapshot().region().equals(now.snapshot().region())
        || !before.snapshot().zone().equals(now.snapshot().zone())
        || !before.snapshot().kind().equals(now.snapshot().kind())
        || !Objects.equals(before.keptFor(), now.keptFor());
  }

  private void renewAll(List<KnownHost> rows) {
    Map<HostId, KnownHost> fresh = new HashMap<>();
    rows.forEach(host -> fresh.put(host.snapshot().id(), host));
    put(rows, fresh, true);
  }

  private void put(List<KnownHost> rows, Map<HostId, KnownHost> all, boolean moved) {
    synchronized (index) {
      if (moved) {
        Set<HostId> gone = new HashSet<>(hosts.get().keySet());
        gone.removeAll(all.keySet());
        gone.forEach(index::remove);
      }
      rows.forEach(this::put);
      hosts.set(Collections.unmodifiableMap(all));
      if (moved) {
        overview = overview.next(all.values(), this::isOpen);
      }
    }
  }

  private boolean isOpen(HostSnapshot host) {
    return open.contains(host.id());
  }

  private void put(KnownHost host) {
    put(host, picks.writtenOn(host.snapshot().id()));
  }

  /**
   * Shows a host as its row says.
   *
   * @param written what may be in the row or not
   */
  private void put(KnownHost host, List<Taken> written) {
    HostSnapshot snapshot = host.snapshot();
    if (isOpen(snapshot)) {
      index.put(
          snapshot
              .withNear(driven.contains(host.shard()))
              .withAnswering(!passedOver.contains(snapshot.id())));
      // Also sets apart what may be in the row already: wrong until the next renewal at most, and
      // on the safe side.
      picks.unsettledOn(snapshot.id()).forEach(taken -> reserve(snapshot, taken));
      written.forEach(taken -> reserve(snapshot, taken));
    }
  }

  /** Shows a host as it is, but for whether it answers. */
  private void show(HostId host) {
    synchronized (index) {
      index.host(host).ifPresent(now -> index.put(now.withAnswering(!passedOver.contains(host))));
    }
  }

  private void reserve(HostSnapshot snapshot, Taken taken) {
    index.reserve(snapshot.id(), taken);
    picks.touch(snapshot.id());
  }

  /** What is asked of hosts, with what the request leaves open, as its region's hosts are now. */
  public PlacementRequest completed(PlacementRequest request) {
    return overview.kinds().getOrDefault(request.region(), RegionKinds.NONE).complete(request);
  }

  /** Picks a host and sets its capacity aside, or empty if none has room right now. */
  public Optional<Pick> pick(PlacementRequest request) {
    synchronized (index) {
      return picked(request).map(placed -> setAside(request, placed, 0));
    }
  }

  /**
   * The same for a group that is made now: it takes nothing on a host where there is room for one
   * that waits and comes before it, but on the best of the others, if that is among the first few.
   *
   * @param spot whether it is a spot group
   */
  public NewPick pickNew(PlacementRequest request, boolean spot) {
    synchronized (index) {
      Optional<PlacementDecision.Placed> best = picked(request);
      if (best.isEmpty()) {
        return new NewPick(Optional.empty(), false);
      }
      NewcomerPicks.Found found = newcomers.find(request, spot, best.get());
      Optional<Pick> pick =
          found.placed().map(placed -> setAside(request, placed, found.leftToOthers()));
      return new NewPick(pick, pick.isEmpty());
    }
  }

  /** Whether {@link #pickNew} would find a host for it now. */
  public boolean takesNew(PlacementRequest request, boolean spot) {
    synchronized (index) {
      return index
          .find(request)
          .flatMap(best -> newcomers.find(request, spot, best).placed())
          .isPresent();
    }
  }

  /**
   * Picks for something that is not to be: nobody else picks, or sees the hosts, before it returns,
   * so what is set aside and given back meanwhile is missing to no one.
   *
   * @param rehearsal does no more than pick and settle its picks; all the process waits for it
   */
  public <T> T alone(Supplier<T> rehearsal) {
    synchronized (index) {
      return rehearsal.get();
    }
  }

  private Optional<PlacementDecision.Placed> picked(PlacementRequest request) {
    if (recent.add(request)) {
      index.setMix(recent.mix());
    }
    return index.find(request);
  }

  private Pick setAside(
      PlacementRequest request, PlacementDecision.Placed placed, int leftToOthers) {
    Taken taken = taken(request, placed);
    Decision decision =
        sampling.next()
            ? new Decision(index.explain(request), index.version(), leftToOthers)
            : null;
    index.reserve(placed.host(), taken);
    picks.setAside(placed.host(), taken);
    return new Pick(placed.host(), taken, decision);
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
      picks.written(pick.host(), pick.taken());
    }
  }

  /** The pick was written for a group. */
  public void written(Pick pick, AccountId account, ContainerGroupId group) {
    written(pick);
    listeners.forEach(listener -> listener.placed(account, group, pick));
  }

  /**
   * The database did not grant the pick, so the picture has too much of that host: its capacity
   * stays taken until its row is read again, or whoever comes next would pick it and lose as well.
   */
  public void lost(Pick pick) {
    synchronized (index) {
      picks.settle(pick.host(), pick.taken());
      picks.touch(pick.host());
    }
  }

  /** The pick was not written: its capacity is free again. */
  public void notWritten(Pick pick) {
    synchronized (index) {
      picks.settle(pick.host(), pick.taken());
      index.release(pick.host(), pick.taken());
      picks.touch(pick.host());
    }
  }

  /**
   * vCPU and memory came back to a host. Where more than these are counted, its row is read again:
   * it says what came back of the rest.
   */
  public void released(HostId host, Size size) {
    KnownHost known = hosts.get().get(host);
    if (known != null && countsMore(known.snapshot())) {
      List<Taken> before = writtenSince(host);
      Optional<KnownHost> now = inventory.host(host);
      synchronized (index) {
        List<Taken> meanwhile = new ArrayList<>(picks.writtenOn(host));
        before.forEach(meanwhile::remove);
        now.ifPresent(row -> put(row, meanwhile));
        picks.touch(host);
      }
      return;
    }
    synchronized (index) {
      index.release(host, size);
      picks.touch(host);
    }
  }

  private List<Taken> writtenSince(HostId host) {
    synchronized (index) {
      return picks.writtenOn(host);
    }
  }

  private static boolean countsMore(HostSnapshot host) {
    return host.disk().counted() || host.gpus().count() > 0;
  }

  /** Why a request has or has not a host, with numbers and without host names. */
  public Explanation explain(PlacementRequest request) {
    return decide(request).explanation();
  }

  /** What would be decided of a request now, and what is seen by it. */
  public Decision decide(PlacementRequest request) {
    synchronized (index) {
      return decision(request);
    }
  }

  private Decision decision(PlacementRequest request) {
    return new Decision(index.explain(request), index.version());
  }

  /**
   * To be told when a request was refused for what the hosts are.
   *
   * @param group null if none was made
   */
  public void refused(AccountId account, @Nullable ContainerGroupId group, Decision decision) {
    listeners.forEach(listener -> listener.refused(account, group, decision));
  }

  /** Where there will be room soonest for a request that has none, as far as can be told. */
  public Optional<HostId> closest(PlacementRequest request) {
    synchronized (index) {
      return index.closest(request);
    }
  }

  /** Whether a host could take a request if nothing were on it, ready or not, if it is known. */
  public boolean couldTake(PlacementRequest request, HostId host) {
    PlacementIndex alone = new PlacementIndex();
    Optional<KnownHost> known = host(host);
    known.ifPresent(its -> alone.put(its.snapshot()));
    return known.isEmpty() || alone.explain(request).couldEverFit();
  }

  /** The request of a group with the host that is kept for it, if there is one. */
  public PlacementRequest withKeptHost(ContainerGroupId group, PlacementRequest request) {
    HostId kept = overview.keptHosts().get(group);
    return kept == null ? request : request.withKeptHost(kept);
  }

  /** Those with a host that is open for new groups, ready or not. */
  @Override
  public List<ZoneId> openZones(RegionId region) {
    return overview.openZones().getOrDefault(region, List.of());
  }

  /** What the hosts that are open for new groups have together, ready or not, by region. */
  public List<RegionCapacity> capacities() {
    return overview.capacities();
  }

  /** The host as it was when the picture was renewed last. */
  public Optional<KnownHost> host(HostId host) {
    return Optional.ofNullable(hosts.get().get(host));
  }

  /** All hosts as they were when the picture was renewed last. */
  public List<HostSnapshot> hosts() {
    return hosts.get().values().stream().map(KnownHost::snapshot).toList();
  }

  /** All hosts of a shard, in the order of their ids; the same list as long as it is the same. */
  public List<HostId> hostsOfShard(int shard) {
    return overview.ofShards().getOrDefault(shard, List.of());
  }

  /** The same of several shards, in the order of their numbers: whoever keeps it can compare. */
  public List<List<HostId>> hostsOfShards(Set<Integer> shards) {
    return shards.stream().sorted().map(this::hostsOfShard).toList();
  }
}
