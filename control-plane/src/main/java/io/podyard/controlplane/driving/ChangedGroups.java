package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.GroupStore.Changed;
import io.podyard.model.HostId;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The groups that others changed: those that have waited longest, and where those are so many that
 * they could hide the others, a part of the others, each time the next.
 */
final class ChangedGroups {

  private static final Comparator<Changed> ORDER =
      Comparator.comparing(Changed::since).thenComparing(Changed::group);

  private final GroupStore groups;
  private @Nullable Changed lookedAt;

  ChangedGroups(GroupStore groups) {
    this.groups = groups;
  }

  /**
   * Asks the tables.
   *
   * @param without hosts whose groups are left out
   */
  synchronized List<Changed> next(Set<Integer> shards, Set<HostId> without) {
    List<Changed> oldest = groups.changed(shards, without, null);
    if (oldest.size() < GroupStore.MOST_AT_ONCE) {
      return oldest;
    }
    Changed last = oldest.getLast();
    Changed from = lookedAt;
    boolean behind = from == null || ORDER.compare(from, last) < 0;
    List<Changed> others = groups.changed(shards, without, behind ? last : from);
    lookedAt = others.size() < GroupStore.MOST_AT_ONCE ? null : others.getLast();
    return Stream.concat(oldest.stream(), others.stream()).toList();
  }
}
