package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.containergroup.GroupStore.StillWaiting;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.ContainerGroupId;
import io.podyard.scheduler.Explanation;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps true what is said of groups that wait for a host: its numbers change while they wait. A
 * group is explained, and its row written if the words are others, at most every {@link #PAUSE};
 * only a group that has no numbers yet gets them at once. No event comes of it: they are for what
 * happens.
 */
final class WaitingReasons {

  /** How long what is said of a group stays as it is. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** Rows of one statement: it is over before anybody would have to wait for them. */
  private static final int MOST_AT_ONCE = 100;

  /** Says why a group waits. */
  @FunctionalInterface
  interface Why {
    Optional<String> ofGroup(
        GroupRecord group, Function<PlacementRequest, Explanation> explanations);
  }

  private final GroupStore groups;
  private final Placement placement;
  private final Clock clock;

  /** Those explained less than {@link #PAUSE} ago, in the order in which that was. */
  private final Map<ContainerGroupId, Instant> explained = new LinkedHashMap<>();

  WaitingReasons(GroupStore groups, Placement placement, Clock clock) {
    this.groups = groups;
    this.placement = placement;
    this.clock = clock;
  }

  /**
   * By one thread at a time.
   *
   * @param waiting those that no host had room for just now
   * @param why says why a group waits, by explanations of what it asks of hosts; empty if it need
   *     not
   */
  void explain(List<GroupRecord> waiting, Why why) {
    Instant now = clock.instant();
    forget(now);
    Map<PlacementRequest, Explanation> explanations = new HashMap<>();
    List<StillWaiting> others = new ArrayList<>();
    for (GroupRecord group : waiting) {
      if (explained.putIfAbsent(group.id(), now) != null) {
        continue;
      }
      // Looks at every host, so once for all groups that want the same.
      Optional<String> sentence =
          why.ofGroup(group, request -> explanations.computeIfAbsent(request, placement::explain));
      if (sentence.isPresent() && !sentence.get().equals(group.message())) {
        boolean unexplained = JdbcGroupCreation.isLost(group.message());
        others.add(new StillWaiting(group, sentence.get(), unexplained));
      }
    }
    for (int from = 0; from < others.size(); from += MOST_AT_ONCE) {
      int to = Math.min(others.size(), from + MOST_AT_ONCE);
      groups.explain(others.subList(from, to), PAUSE);
    }
  }

  private void forget(Instant now) {
    Iterator<Instant> times = explained.values().iterator();
    while (times.hasNext() && !now.isBefore(times.next().plus(PAUSE))) {
      times.remove();
    }
  }
}
