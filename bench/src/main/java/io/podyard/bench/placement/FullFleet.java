package io.podyard.bench.placement;

import io.podyard.model.HostId;
import io.podyard.scheduler.PlacementDecision;
import io.podyard.scheduler.PlacementDecision.Placed;
import io.podyard.scheduler.PlacementIndex;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.RequestMix;
import io.podyard.scheduler.Taken;
import java.util.Arrays;

/**
 * A fleet that stays as full as it is: for what is placed, what was placed longest ago ends. Beside
 * the decision and what it takes of the host, nothing is allocated here.
 */
final class FullFleet {

  private static final int MOST = 1 << 18;

  private final PlacementIndex index;
  private final PlacementRequest[] requests;
  private final long[] amounts;
  private final long limit;

  /** What is held, in a ring: of which host, for which request, and which devices. */
  private final HostId[] hosts = new HostId[MOST];

  private final int[] held = new int[MOST];
  private final long[] devices = new long[MOST];
  private long first;
  private long behind;

  private long used;
  private boolean full;
  private int nextRequest;
  private long placed;
  private long refused;

  /** Fills the fleet to so many percent. */
  FullFleet(Fleet fleet, int percent) {
    this.index = new PlacementIndex(fleet.policy());
    this.requests = fleet.requests().toArray(PlacementRequest[]::new);
    this.amounts = Arrays.stream(requests).mapToLong(fleet.amount()).toArray();
    this.limit = fleet.all() * percent / 100;
    this.full = requests.length == 0;
    index.setMix(RequestMix.of(fleet.requests()));
    fleet.hosts().forEach(index::put);
    while (!full) {
      decideByIndex();
    }
    // What came when there was room for all has ended.
    for (long i = behind - first; i > 0; i--) {
      decideByIndex();
    }
    placed = 0;
    refused = 0;
  }

  /** A request is placed and reserved, and as much as that ends; or it is refused. */
  PlacementDecision decideByIndex() {
    PlacementRequest request = requests[nextRequest];
    return settle(request, index.pick(request));
  }

  /** A request is placed and reserved, and that is undone. */
  PlacementDecision decideAndUndo() {
    PlacementRequest request = requests[nextRequest];
    nextRequest = (nextRequest + 1) % requests.length;
    PlacementDecision decision = index.pick(request);
    if (decision instanceof Placed pick) {
      Taken what = request.taking(pick.gpuDevices());
      if (!index.reserve(pick.host(), what) || !index.undo(pick, what)) {
        throw new IllegalStateException("what was picked on " + pick.host() + " is not free");
      }
      placed++;
    } else {
      refused++;
    }
    return decision;
  }

  /** The first by looking at every host. */
  PlacementDecision decideByScan() {
    PlacementRequest request = requests[nextRequest];
    return settle(request, index.scan(request));
  }

  long placed() {
    return placed;
  }

  long refused() {
    return refused;
  }

  private PlacementDecision settle(PlacementRequest request, PlacementDecision decision) {
    if (decision instanceof Placed pick) {
      hold(pick, request);
      placed++;
    } else {
      refused++;
    }
    nextRequest = (nextRequest + 1) % requests.length;
    while (behind > first && (used > limit || limit == 0)) {
      full = true;
      end();
    }
    return decision;
  }

  private void hold(Placed pick, PlacementRequest request) {
    if (!index.reserve(pick.host(), request.taking(pick.gpuDevices()))) {
      throw new IllegalStateException("what was picked on " + pick.host() + " is not free");
    }
    int at = (int) (behind % MOST);
    hosts[at] = pick.host();
    held[at] = nextRequest;
    devices[at] = pick.gpuDevices();
    behind++;
    used += amounts[nextRequest];
  }

  private void end() {
    int at = (int) (first % MOST);
    if (!index.release(hosts[at], requests[held[at]].taking(devices[at]))) {
      throw new IllegalStateException("what is held of " + hosts[at] + " is not reserved");
    }
    used -= amounts[held[at]];
    first++;
  }
}
