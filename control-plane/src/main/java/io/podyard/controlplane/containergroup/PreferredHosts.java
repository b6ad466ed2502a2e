package io.podyard.controlplane.containergroup;

import io.podyard.model.HostId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The hosts that a group goes to rather than to others, be it new or one that waits. */
final class PreferredHosts {

  private PreferredHosts() {}

  /**
   * Those that hold all of its data, or if none does any of it; and of those the ones that have
   * images of it, if there are any.
   *
   * @param data who holds each of the data caches that it mounts
   * @param images who has images that it takes from image caches
   */
  static Set<HostId> of(Collection<Set<HostId>> data, Set<HostId> images) {
    Set<HostId> any = new HashSet<>();
    data.forEach(any::addAll);
    if (any.isEmpty()) {
      return images;
    }
    Set<HostId> all = new HashSet<>(any);
    data.forEach(all::retainAll);
    Set<HostId> first = all.isEmpty() ? any : all;
    Set<HostId> both = new HashSet<>(first);
    both.retainAll(images);
    return both.isEmpty() ? first : both;
  }
}
