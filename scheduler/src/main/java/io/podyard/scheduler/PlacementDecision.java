package io.podyard.scheduler;

import io.podyard.model.HostId;

/** The answer to a request: a host, or why there is none now. */
public sealed interface PlacementDecision {

  /**
   * A host that had room for the request when it was picked. Nothing is reserved yet.
   *
   * @param score what made it the best host, the lower the better; comparable only between picks of
   *     one {@link PlacementPolicy}
   * @param version the {@link PlacementIndex#version()} that the pick saw
   * @param gpuDevices the GPUs that are best, the bit of a device's number set for each
   */
  record Placed(HostId host, long score, long version, long gpuDevices)
      implements PlacementDecision {}

  /** No host has room now; the explanation tells whether waiting can help. */
  record NotPlaced(Explanation explanation) implements PlacementDecision {}
}
