package io.podyard.controlplane.placement;

import io.podyard.scheduler.Explanation;

/**
 * What placement saw when it decided.
 *
 * @param version of the picture of the hosts that it saw, counted by this process alone
 * @param leftToOthers how many better hosts were left to groups that wait for them
 */
public record Decision(Explanation explanation, long version, int leftToOthers) {

  /** A decision that left no host to others. */
  public Decision(Explanation explanation, long version) {
    this(explanation, version, 0);
  }

  /** In words for whoever made the request, without host names. */
  public String sentence() {
    return leftToOthers == 0
        ? explanation.sentence()
        : "%s %d better %s left to groups that wait."
            .formatted(
                explanation.sentence(), leftToOthers, leftToOthers == 1 ? "one was" : "ones were");
  }
}
