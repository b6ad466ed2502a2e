package io.podyard.controlplane.placement;

import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.PlacementDecision.Placed;
import io.podyard.scheduler.PlacementIndex;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds hosts for groups that are made now and let those that wait go first: where there is room
 * for one that waits the next best host is looked at, and so on. By whoever has the index.
 */
final class NewcomerPicks {

  /** Each that is left to others costs a pick and a look at all that wait. */
  static final int MOST_LEFT = 3;

  /**
   * What was found.
   *
   * @param placed empty if no host will do: those with room that were looked at are left to others
   * @param leftToOthers how many better ones are
   */
  record Found(Optional<Placed> placed, int leftToOthers) {}

  private record Hidden(HostId host, Taken all) {}

  private final PlacementIndex index;
  private final WaitedFor waitedFor;

  NewcomerPicks(PlacementIndex index, WaitedFor waitedFor) {
    this.index = index;
    this.waitedFor = waitedFor;
  }

  /**
   * The best host that nobody waits for. Sets nothing aside.
   *
   * @param best the best of all
   */
  Found find(PlacementRequest request, boolean spot, Placed best) {
    if (!isWaitedFor(request.region(), spot, best.host())) {
      return new Found(Optional.of(best), 0);
    }
    List<Hidden> hidden = new ArrayList<>();
    try {
      Placed theirs = best;
      while (hidden.size() < MOST_LEFT) {
        hidden.add(hide(theirs.host()));
        Optional<Placed> next = index.find(request);
        if (next.isEmpty() || !isWaitedFor(request.region(), spot, next.get().host())) {
          return new Found(next, hidden.size());
        }
        theirs = next.get();
      }
      return new Found(Optional.empty(), hidden.size());
    } finally {
      hidden.forEach(host -> index.release(host.host(), host.all()));
    }
  }

  private boolean isWaitedFor(RegionId region, boolean spot, HostId host) {
    return waitedFor.others(region, spot, waiting -> index.fits(waiting, host));
  }

  /** Takes all that is free on a host, so that the next pick finds another. */
  private Hidden hide(HostId host) {
    Taken all = Taken.of(index.host(host).map(HostSnapshot::free).orElseThrow());
    index.reserve(host, all);
    return new Hidden(host, all);
  }
}
