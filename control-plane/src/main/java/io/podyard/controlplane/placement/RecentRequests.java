package io.podyard.controlplane.placement;

import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.RequestMix;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was asked for last, as the policy that looks at it wants to know. */
final class RecentRequests {

  /** Requests that make the mix. */
  static final int REMEMBERED = 2_000;

  /** A mix is made anew after so many requests. */
  static final int BETWEEN_MIXES = 200;

  private final Deque<PlacementRequest> requests = new ArrayDeque<>();
  private int sinceMix;

  /**
   * Remembers what a request asks for, without the hosts that it prefers.
   *
   * @return whether it is time for another mix
   */
  boolean add(PlacementRequest request) {
    if (requests.size() == REMEMBERED) {
      requests.removeFirst();
    }
    requests.addLast(request.shape());
    sinceMix++;
    if (sinceMix < BETWEEN_MIXES) {
      return false;
    }
    sinceMix = 0;
    return true;
  }

  /** The mix of what is remembered. */
  RequestMix mix() {
    return RequestMix.of(requests);
  }
}
