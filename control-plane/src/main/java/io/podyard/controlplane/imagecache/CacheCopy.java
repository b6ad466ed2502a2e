package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.hosttask.HostTask;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import org.jspecify.annotations.Nullable;

/**
 * What a host is to hold of a cache, or to let go.
 *
 * @param tries how often the registry was asked in vain
 * @param isOver whether it is to be let go
 */
record CacheCopy(
    String id, String cache, int revision, HostId host, int shard, int tries, boolean isOver)
    implements HostTask {

  @Override
  public @Nullable ContainerGroupId group() {
    return null;
  }

  /** By which the host holds it. */
  String key() {
    return ImageCacheIds.key(cache, revision);
  }
}
