package io.podyard.controlplane.placement;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision, by whom and when, and what it was about.
 *
 * @param group null if the request made none
 * @param host that was taken, null if none was
 * @param decidedBy the process
 * @param version of that process's picture of the hosts
 * @param times how often the same was refused to the same account at about that time
 */
public record MadeDecision(
    Instant at,
    AccountId account,
    RegionId region,
    @Nullable ContainerGroupId group,
    Outcome outcome,
    @Nullable HostId host,
    String decidedBy,
    long version,
    int times,
    DecisionFacts facts) {

  /** What became of it. */
  public enum Outcome {
    /** A host was taken. */
    PLACED,
    /** No host has room now; some host could have. Nothing of that is kept, since it changes. */
    WAITING,
    /** No host could ever take it, or none could in time. */
    REFUSED
  }

  /** What would become of a request, were it made now. */
  public static Outcome outcomeOf(DecisionFacts facts) {
    if (facts.hostsFitting() > 0) {
      return Outcome.PLACED;
    }
    return facts.couldEverFit() ? Outcome.WAITING : Outcome.REFUSED;
  }

  /** The same in other words. */
  public MadeDecision saying(String words) {
    return new MadeDecision(
        at, account, region, group, outcome, host, decidedBy, version, times, facts.saying(words));
  }

  /** The same once more. */
  MadeDecision again() {
    return new MadeDecision(
        at, account, region, group, outcome, host, decidedBy, version, times + 1, facts);
  }
}
