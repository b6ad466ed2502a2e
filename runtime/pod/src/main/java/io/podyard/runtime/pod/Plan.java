package io.podyard.runtime.pod;

import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be stored of a group, and done for it once that is stored.
 *
 * @param actions to be done in this order
 * @param occurrences to be stored with the state
 * @param wakeAt when to look again even if nothing is heard of the group, null if by no time
 */
public record Plan(
    GroupState next,
    List<EngineAction> actions,
    List<Occurrence> occurrences,
    @Nullable Instant wakeAt) {
  public Plan {
    actions = List.copyOf(actions);
    occurrences = List.copyOf(occurrences);
  }
}
