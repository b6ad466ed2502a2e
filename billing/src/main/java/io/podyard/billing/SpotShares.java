package io.podyard.billing;

import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The time series of what spot groups cost, immutable. At an instant the closest counts that has a
 * share by then: the item as closely as it is named, of that the region, and of that the zone
 * before all zones.
 */
public final class SpotShares {

  public static final SpotShares NONE = new SpotShares(List.of());

  private record Place(RegionPattern region, @Nullable ZoneId zone, ItemPattern items) {

    boolean covers(RegionId wanted, @Nullable ZoneId in, Item item) {
      return region.matches(wanted) && (zone == null || zone.equals(in)) && items.matches(item);
    }

    boolean inOneZone() {
      return zone != null;
    }
  }

  private static final Comparator<Place> BY_CLOSENESS =
      Comparator.comparingInt((Place place) -> place.items().closeness())
          .thenComparingInt(place -> place.region().closeness())
          .thenComparing(Place::inOneZone);

  private final Map<Place, NavigableMap<Instant, BigDecimal>> series = new HashMap<>();

  private SpotShares(List<SpotShare> shares) {
    for (SpotShare share : shares) {
      series
          .computeIfAbsent(
              new Place(share.region(), share.zone(), share.items()), place -> new TreeMap<>())
          .put(share.validFrom(), share.share());
    }
  }

  /** These, in whatever order. */
  public static SpotShares of(List<SpotShare> shares) {
    return shares.isEmpty() ? NONE : new SpotShares(shares);
  }

  /**
   * The share that counts at an instant.
   *
   * @param zone null for what counts in no zone in particular
   * @return empty if there is none yet
   */
  public Optional<BigDecimal> find(RegionId region, @Nullable ZoneId zone, Item item, Instant at) {
    return series.entrySet().stream()
        .filter(
            one -> one.getKey().covers(region, zone, item) && one.getValue().floorKey(at) != null)
        .max(Map.Entry.comparingByKey(BY_CLOSENESS))
        .map(one -> one.getValue().floorEntry(at).getValue());
  }

  /** The first instant after this one at which another share may count, at most the limit. */
  Instant nextChange(
      RegionId region, @Nullable ZoneId zone, Item item, Instant after, Instant limit) {
    Instant next = limit;
    for (Map.Entry<Place, NavigableMap<Instant, BigDecimal>> one : series.entrySet()) {
      Instant change =
          one.getKey().covers(region, zone, item) ? one.getValue().higherKey(after) : null;
      if (change != null) {
        next = WholeSeconds.earlier(next, change);
      }
    }
    return next;
  }
}
