package io.podyard.controlplane.placement;

import io.podyard.model.RegionId;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.HostWishes;
import io.podyard.scheduler.PlacementRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which kinds of hosts a region has. Where all are of one kind it need not be asked for, which
 * spares placement the question.
 *
 * @param categories compute categories of its hosts
 * @param architectures of its hosts that have told
 */
record RegionKinds(Set<String> categories, Set<String> architectures) {

  static final RegionKinds NONE = new RegionKinds(Set.of(), Set.of());

  /** What groups are for that say nothing of it (contract section 6). */
  private static final String USUAL_ARCHITECTURE = "amd64";

  /** Those of some hosts, by region. */
  static Map<RegionId, RegionKinds> of(List<HostSnapshot> hosts) {
    Map<RegionId, RegionKinds> kinds = new HashMap<>();
    for (HostSnapshot host : hosts) {
      RegionKinds region =
          kinds.computeIfAbsent(
              host.region(), id -> new RegionKinds(new HashSet<>(), new HashSet<>()));
      region.categories.add(host.kind().computeCategory());
      if (!host.kind().architecture().isEmpty()) {
        region.architectures.add(host.kind().architecture());
      }
    }
    return kinds;
  }

  /**
   * A request without the wish for a category if all hosts are of it, and with one for the usual
   * architecture if it has none and there are several.
   */
  PlacementRequest complete(PlacementRequest request) {
    HostWishes wishes = request.wishes();
    String category = wishes.computeCategory();
    boolean everyHost = category != null && categories.equals(Set.of(category));
    boolean severalArchitectures = wishes.architecture() == null && architectures.size() > 1;
    if (!everyHost && !severalArchitectures) {
      return request;
    }
    HostWishes completed = everyHost ? wishes.withComputeCategory(null) : wishes;
    if (severalArchitectures) {
      completed = completed.withArchitecture(USUAL_ARCHITECTURE);
    }
    return request.wishing(completed.equals(HostWishes.ANY) ? HostWishes.ANY : completed);
  }
}
