package io.podyard.controlplane.placement;

import io.podyard.scheduler.Explanation;

/**
 * What placement saw when it decided.
 *
 * @param version of the picture of the hosts that it saw, counted by this process alone
 */
public record Decision(Explanation explanation, long version) {}
