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
import org.jspecify.annotations.Nullable;

/**
 * Image caches, as groups start from them (contract section 13), and what hosts have of images
 * without any cache.
 */
public interface GroupImageCaches {

  /** What a host has that has all images of a list. */
  int ALL = PlacementRequest.ALL_IMAGES;

  /**
   * What a group would start from.
   *
   * @param use null if there is no cache for it
   * @param images those of the group's that the cache has
   * @param hosts how much of them hosts have, see {@link PlacementRequest#imageHosts}
   * @param whole whether the cache has all
   */
  record Found(
      @Nullable ImageCacheUse use,
      List<CachedImage> images,
      Map<HostId, Integer> hosts,
      boolean whole) {

    public static final Found NONE = new Found(null, List.of(), Map.of(), false);

    public Found {
      images = List.copyOf(images);
      hosts = Map.copyOf(hosts);
    }
  }

  /**
   * The cache that a request names.
   *
   * @param images of the group
   */
  Found named(
      AccountId account,
      RegionId region,
      String snapshot,
      Collection<String> images,
      Consumer<Problem> problems);

  /** The cache that serves a group best. */
  Found best(AccountId account, RegionId region, Collection<String> images);

  /**
   * How much hosts have of images, for each of these lists of a group's images, see {@link
   * PlacementRequest#imageHosts}. A list of which no host has anything is not in the answer.
   */
  Map<List<CachedImage>, Map<HostId, Integer>> hosts(Set<List<CachedImage>> images);

  /**
   * How much hosts have of a group's images because other groups pulled them, see {@link
   * PlacementRequest#imageHosts}; empty if that is no reason to prefer any. Answers from memory.
   */
  Map<HostId, Integer> pulled(ImagesOfGroup images);

  /**
   * Groups were made that start from it. Returns at once.
   *
   * @param matched whether it was the best one; then one is made for the group if it has not all
   */
  void used(AccountId account, RegionId region, Found found, GroupSpec group, boolean matched);
}
