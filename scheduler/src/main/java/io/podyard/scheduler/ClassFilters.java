package io.podyard.scheduler;

import io.podyard.model.PoolId;
import io.podyard.model.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The {@link ClassFilter}s of a region's recent requests, so that equal wishes share one. */
final class ClassFilters {

  /** Wishes come from users: what is kept of them is bounded. */
  private static final int KEPT = 512;

  private final HostRows rows;
  private final Function<PoolId, PlacementPolicy> policies;
  private final Map<HostWishes, ClassFilter> inAnyZone = new HashMap<>();
  private final Map<ZoneId, Map<HostWishes, ClassFilter>> inZone = new HashMap<>();
  private int kept;
  private int classChanges = -1;

  ClassFilters(HostRows rows, Function<PoolId, PlacementPolicy> policies) {
    this.rows = rows;
    this.policies = policies;
  }

  /** Policies changed. */
  void forget() {
    inAnyZone.clear();
    inZone.clear();
    kept = 0;
  }

  ClassFilter of(PlacementRequest request) {
    if (classChanges != rows.classes().changes() || kept >= KEPT) {
      forget();
      classChanges = rows.classes().changes();
    }
    Map<HostWishes, ClassFilter> filters = of(request.zone());
    ClassFilter filter = filters.get(request.wishes());
    if (filter == null) {
      filter = new ClassFilter(request, rows.classes().all(), policies);
      filters.put(request.wishes(), filter);
      kept++;
    }
    return filter;
  }

  private Map<HostWishes, ClassFilter> of(@Nullable ZoneId zone) {
    if (zone == null) {
      return inAnyZone;
    }
    Map<HostWishes, ClassFilter> filters = inZone.get(zone);
    if (filters == null) {
      filters = new HashMap<>();
      inZone.put(zone, filters);
    }
    return filters;
  }
}
