package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.containergroup.GroupStore.StillWaiting;
import io.podyard.model.ContainerGroupId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private final GroupStore groups;
  private final Clock clock;

  /** Those explained less than {@link #PAUSE} ago, in the order in which that was. */
  private final Map<ContainerGroupId, Instant> explained = new LinkedHashMap<>();

  WaitingReasons(GroupStore groups, Clock clock) {
    this.groups = groups;
    this.clock = clock;
  }

  /**
   * By one thread at a time.
   *
   * @param waiting those that no host had room for just now
   * @param round in which that was
   */
  void explain(Collection<WaitingGroup> waiting, WaitingRound round) {
    Instant now = clock.instant();
    forget(now);
    List<StillWaiting> others = new ArrayList<>();
    for (WaitingGroup group : waiting) {
      if (explained.putIfAbsent(group.id(), now) != null) {
        continue;
      }
      Optional<String> sentence = round.why(group.id());
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
