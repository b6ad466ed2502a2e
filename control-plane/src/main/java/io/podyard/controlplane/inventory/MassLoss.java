package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When so many hosts vanish together that it is rather the network, or the control plane itself,
 * that is cut off. A pure function.
 *
 * @param percent more than this share is too many
 * @param within what vanishes in this time vanishes together
 */
record MassLoss(int percent, Duration within) {

  /** A host that does not answer, and since when. */
  record Silent(HostId host, Instant since) {}

  /**
   * Those that vanished together with too many others, of those that answered until then.
   *
   * @param silent all of a region that do not answer
   * @param hosts how many the region has, those among them
   */
  Set<HostId> tooMany(List<Silent> silent, int hosts) {
    List<Silent> inOrder =
        silent.stream()
            .sorted(Comparator.comparing(Silent::since).thenComparing(Silent::host))
            .toList();
    Set<HostId> found = new HashSet<>();
    int before = 0;
    int end = 0;
    int marked = 0;
    for (int first = 0; first < inOrder.size(); first++) {
      Instant from = inOrder.get(first).since();
      if (first > 0 && inOrder.get(first - 1).since().isBefore(from)) {
        before = first;
      }
      while (end < inOrder.size() && !inOrder.get(end).since().isAfter(from.plus(within))) {
        end++;
      }
      int answered = hosts - before;
      if ((long) (end - before) * 100 > (long) percent * answered) {
        inOrder.subList(Math.max(marked, before), end).forEach(one -> found.add(one.host()));
        marked = end;
      }
    }
    return found;
  }
}
