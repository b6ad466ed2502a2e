package io.podyard.controlplane.placement;

import io.podyard.model.RegionId;
import io.podyard.scheduler.PlacementRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * What groups that wait ask of hosts and no host had room for, as this process knows it. Where one
 * of them fits by now, a new group takes nothing before they were looked at: it waits with them,
 * and their order decides. What fits nowhere holds up nobody. It costs nothing while nobody waits.
 */
public final class WaitedFor {

  /** So many of a region are compared with each pick, the first in the line. */
  static final int MOST = 64;

  /**
   * What a group waits for.
   *
   * @param request with all that decides whether a host would do
   * @param spot whether it is a spot group, which new groups that pay in full come before
   */
  public record Wanted(PlacementRequest request, boolean spot) {
    public Wanted {
      request = request.shape();
    }
  }

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<RegionId, Set<Wanted>> all = new HashMap<>();

  /** Those that may have come too late for the look that goes on. */
  private final Map<RegionId, Set<Wanted>> late = new HashMap<>();

  private volatile boolean any;

  WaitedFor() {}

  /** To be told when those that wait are to be looked at now. */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /** Those that wait are about to be read. */
  public synchronized void looking() {
    late.clear();
  }

  /**
   * They were looked at.
   *
   * @param left what no host had room for, the first in the line first
   */
  public synchronized void looked(Collection<Wanted> left) {
    all.clear();
    left.forEach(wanted -> add(wanted, all));
    late.values().forEach(some -> some.forEach(wanted -> add(wanted, all)));
    any = !all.isEmpty();
  }

  /** A new group was written that waits, because no host has room for any of these. */
  public synchronized void joined(Collection<PlacementRequest> noRoom, boolean spot) {
    for (PlacementRequest request : noRoom) {
      Wanted wanted = new Wanted(request, spot);
      add(wanted, all);
      add(wanted, late);
    }
    any = !all.isEmpty();
  }

  /**
   * A new group was written that waits although there is room: others may have it first, or the
   * database did not grant what was picked.
   */
  public void lookNow() {
    listeners.forEach(Runnable::run);
  }

  private static void add(Wanted wanted, Map<RegionId, Set<Wanted>> to) {
    Set<Wanted> some =
        to.computeIfAbsent(wanted.request().region(), region -> new LinkedHashSet<>());
    if (some.size() < MOST) {
      some.add(wanted);
    }
  }

  /**
   * Whether a group that is made now has to let others go first.
   *
   * @param spot whether it is a spot group
   * @param fits whether there is room for what another waits for, where the new group would be
   */
  boolean others(RegionId region, boolean spot, Predicate<PlacementRequest> fits) {
    if (!any) {
      return false;
    }
    synchronized (this) {
      for (Wanted wanted : all.getOrDefault(region, Set.of())) {
        if ((spot || !wanted.spot()) && fits.test(wanted.request())) {
          return true;
        }
      }
      return false;
    }
  }
}
