package io.podyard.controlplane.placement;

import io.podyard.model.ZoneId;
import io.podyard.scheduler.Candidate;
import io.podyard.scheduler.Explanation;
import io.podyard.scheduler.Room;
import io.podyard.scheduler.RuledOut;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An explanation as it is kept: a JSON document, of which later releases may have more fields.
 *
 * @param sentence for whoever made the request, without host names
 * @param zone in which hosts were looked for, null for any
 */
public record DecisionFacts(
    String sentence,
    @Nullable ZoneId zone,
    Room wanted,
    int hostsLookedAt,
    int hostsFitting,
    Map<RuledOut, Integer> ruledOut,
    boolean couldEverFit,
    Room largest,
    Room mostFree,
    Room lacking,
    List<Candidate> best) {

  public static DecisionFacts of(Explanation explanation) {
    return new DecisionFacts(
        explanation.sentence(),
        explanation.request().zone(),
        Room.wanted(explanation.request()),
        explanation.hostsLookedAt(),
        explanation.hostsFitting(),
        explanation.ruledOut(),
        explanation.couldEverFit(),
        explanation.largest(),
        explanation.mostFree(),
        explanation.lacking(),
        explanation.best());
  }

  /** The same with other words. */
  public DecisionFacts saying(String words) {
    return new DecisionFacts(
        words,
        zone,
        wanted,
        hostsLookedAt,
        hostsFitting,
        ruledOut,
        couldEverFit,
        largest,
        mostFree,
        lacking,
        best);
  }
}
