package io.podyard.controlplane.sighting;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.FoundGroup;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The groups of one host that the driver of a shard has seen. A host that tells again what it told
 * before costs nothing for each of its groups: they were seen when it told it last.
 */
final class SeenHost {

  /**
   * What a host has told.
   *
   * @param at before it was asked
   * @param groups the same object for as long as the host has nothing new
   */
  record HostList(Instant at, Map<ContainerGroupId, FoundGroup> groups) {}

  /** Those that the last list shows, so that they were seen when it was told. */
  private final Map<ContainerGroupId, Sighting> shown = new HashMap<>();

  private final Map<ContainerGroupId, Sighting> unshown = new HashMap<>();
  private @Nullable HostList last;

  /** A group was driven. */
  synchronized void driven(ContainerGroupId group, Sighting sighting) {
    shown.remove(group);
    unshown.put(group, sighting);
  }

  synchronized void forget(ContainerGroupId group) {
    shown.remove(group);
    unshown.remove(group);
  }

  /**
   * When all that is stored of a group was last known to be there.
   *
   * @return null if it was never seen here
   */
  synchronized @Nullable Instant lastSeen(ContainerGroupId group) {
    if (last != null && shown.containsKey(group)) {
      return last.at();
    }
    Sighting seen = unshown.get(group);
    return seen == null ? null : seen.at();
  }

  /**
   * Compares the groups with what the host told last.
   *
   * @param list null if it has not told anything yet
   * @param missing where groups are put of which something is missing
   * @return when the one that was not seen for the longest was seen; {@link Instant#MAX} if there
   *     is none
   */
  synchronized Instant compare(@Nullable HostList list, Set<ContainerGroupId> missing) {
    if (list == null) {
      return oldest();
    }
    if (last != null && list.groups() != last.groups()) {
      Instant until = last.at();
      shown.forEach((group, seen) -> unshown.put(group, seen.seenAgain(until)));
      shown.clear();
    }
    last = list;
    Iterator<Map.Entry<ContainerGroupId, Sighting>> rest = unshown.entrySet().iterator();
    while (rest.hasNext()) {
      Map.Entry<ContainerGroupId, Sighting> entry = rest.next();
      if (!list.at().isAfter(entry.getValue().at())) {
        continue;
      }
      if (entry.getValue().isShownBy(list.groups().get(entry.getKey()))) {
        shown.put(entry.getKey(), entry.getValue());
        rest.remove();
      } else {
        missing.add(entry.getKey());
      }
    }
    return oldest();
  }

  private Instant oldest() {
    Instant oldest = last != null && !shown.isEmpty() ? last.at() : Instant.MAX;
    for (Sighting seen : unshown.values()) {
      oldest = seen.at().isBefore(oldest) ? seen.at() : oldest;
    }
    return oldest;
  }
}
