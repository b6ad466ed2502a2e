package io.podyard.controlplane.containergroup;

import io.podyard.api.Problem;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.GroupSpec;
import io.podyard.scheduler.PlacementRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * No caches that groups could be made from, and hosts that hold all that was taken from any, and
 * that have all images of groups which take none from any.
 *
 * @param holders may change
 */
record FixedImageCaches(Set<HostId> holders) implements GroupImageCaches {

  static final GroupImageCaches NONE = new FixedImageCaches(Set.of());

  @Override
  public Found named(
      AccountId account,
      RegionId region,
      String snapshot,
      Collection<String> images,
      Consumer<Problem> problems) {
    return Found.NONE;
  }

  @Override
  public Found best(AccountId account, RegionId region, Collection<String> images) {
    return Found.NONE;
  }

  @Override
  public Map<List<CachedImage>, Map<HostId, Integer>> hosts(Set<List<CachedImage>> images) {
    return images.stream().collect(Collectors.toMap(list -> list, _ -> all()));
  }

  @Override
  public Map<HostId, Integer> pulled(ImagesOfGroup images) {
    return images.cached().isEmpty() ? all() : Map.of();
  }

  private Map<HostId, Integer> all() {
    return holders.stream()
        .collect(Collectors.toMap(host -> host, _ -> PlacementRequest.ALL_IMAGES));
  }

  @Override
  public void used(
      AccountId account, RegionId region, Found found, GroupSpec group, boolean matched) {}
}
