package io.podyard.controlplane.containergroup;

import io.podyard.model.HostId;
import io.podyard.scheduler.PlacementRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The hosts that a group goes to rather than to others, be it new or one that waits. */
final class PreferredHosts {

  /** So many times as much as all images count all data caches: they are the larger ones. */
  private static final int DATA = 2;

  private PreferredHosts() {}

  /**
   * How much hosts have of images in one way or the other, whichever is more.
   *
   * @param held for image caches
   * @param pulled by other groups
   */
  static Map<HostId, Integer> more(Map<HostId, Integer> held, Map<HostId, Integer> pulled) {
    if (held.isEmpty() || pulled.isEmpty()) {
      return held.isEmpty() ? pulled : held;
    }
    Map<HostId, Integer> shares = new HashMap<>(held);
    pulled.forEach((host, share) -> shares.merge(host, share, Math::max));
    return shares;
  }

  /**
   * How much hosts have of what the group needs, as {@link PlacementRequest#imageHosts}: of its
   * images, or of its data caches where nobody has images, or of both.
   *
   * @param data who holds each of the data caches that it mounts
   * @param images how much hosts have of its images
   */
  static Map<HostId, Integer> of(Collection<Set<HostId>> data, Map<HostId, Integer> images) {
    Map<HostId, Integer> caches = new HashMap<>();
    data.forEach(holders -> holders.forEach(host -> caches.merge(host, 1, Integer::sum)));
    if (caches.isEmpty()) {
      return images;
    }
    Map<HostId, Integer> shares = new HashMap<>();
    caches.forEach(
        (host, held) ->
            shares.put(
                host, Math.toIntExact((long) held * PlacementRequest.ALL_IMAGES / data.size())));
    if (images.isEmpty()) {
      return shares;
    }
    shares.replaceAll((_, share) -> share * DATA / (DATA + 1));
    images.forEach(
        (host, share) -> shares.merge(host, Math.max(1, share / (DATA + 1)), Integer::sum));
    return shares;
  }
}
