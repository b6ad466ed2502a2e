package io.podyard.controlplane.placement;

import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What groups that wait ask of hosts and no host had room for, as this process knows it. Where one
 * of them fits by now, a new group takes nothing before they were looked at: it waits with them,
 * and their order decides. What fits nowhere holds up nobody. It costs nothing while nobody waits.
 *
 * <p>Where very many different things are waited for, those beyond the first count as the least
 * that any of a kind asks for. That may hold up a new group where none of them fits, until they
 * were looked at; it never gives it what is theirs.
 */
public final class WaitedFor {

  /**
   * So many of a region are compared with each pick, the first in the line; and of the others as
   * many kinds.
   */
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

    /** What all have in common that ask for more or less of the same. */
    private Wanted kind() {
      return new Wanted(request.sized(Size.ZERO).withDisk(0), spot);
    }

    /** The kind of all whose kinds are too many to be told apart. */
    private Wanted anyKind() {
      return new Wanted(PlacementRequest.anywhereIn(request.region(), Size.ZERO), spot);
    }

    /** So much of this kind. */
    private Wanted asMuchAs(Wanted other) {
      return new Wanted(
          request.sized(other.request.size()).withDisk(other.request.diskMib()), spot);
    }

    /** Of this kind, what any host has room for that has room for one of the two. */
    private Wanted least(Wanted other) {
      Size a = request.size();
      Size b = other.request.size();
      return new Wanted(
          request
              .sized(
                  Size.of(
                      Math.min(a.cpu().value(), b.cpu().value()),
                      Math.min(a.memory().value(), b.memory().value())))
              .withDisk(Math.min(request.diskMib(), other.request.diskMib())),
          spot);
    }
  }

  /** Of one region. */
  private static final class Line {

    private final Set<Wanted> first = new LinkedHashSet<>();
    private final Map<Wanted, Wanted> othersByKind = new LinkedHashMap<>();

    void add(Wanted wanted) {
      if (first.size() < MOST || first.contains(wanted)) {
        first.add(wanted);
        return;
      }
      Wanted own = wanted.kind();
      Wanted kind =
          othersByKind.size() < MOST || othersByKind.containsKey(own) ? own : wanted.anyKind();
      othersByKind.merge(kind, kind.asMuchAs(wanted), Wanted::least);
    }

    Stream<Wanted> all() {
      return Stream.concat(first.stream(), othersByKind.values().stream());
    }

    boolean any(boolean spot, Predicate<PlacementRequest> fits) {
      return any(first, spot, fits) || any(othersByKind.values(), spot, fits);
    }

    private static boolean any(
        Collection<Wanted> some, boolean spot, Predicate<PlacementRequest> fits) {
      for (Wanted wanted : some) {
        if ((spot || !wanted.spot()) && fits.test(wanted.request())) {
          return true;
        }
      }
      return false;
    }
  }

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<RegionId, Line> all = new HashMap<>();

  /** Those that may have come too late for the look that goes on. */
  private final Map<RegionId, Line> late = new HashMap<>();

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
    late.values().forEach(line -> line.all().forEach(wanted -> add(wanted, all)));
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

  private static void add(Wanted wanted, Map<RegionId, Line> to) {
    to.computeIfAbsent(wanted.request().region(), region -> new Line()).add(wanted);
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
      Line line = all.get(region);
      return line != null && line.any(spot, fits);
    }
  }
}
