package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Data caches, as groups mount them (contract section 14). */
public interface GroupDataCaches {

  /**
   * What a group mounts.
   *
   * @param key by which hosts hold it
   * @param path the folder in it, relative; empty for all
   * @param hosts those that hold it
   */
  record Mounted(
      String cache, int revision, String key, String digest, String path, Set<HostId> hosts) {

    public Mounted {
      hosts = Set.copyOf(hosts);
    }
  }

  /** What there is at a path. */
  sealed interface Look {

    record There(Mounted data) implements Look {}

    /** A cache that cannot be used. */
    record Unusable(String cache, String status) implements Look {}

    record Nothing() implements Look {}
  }

  /**
   * The cache of a bucket that a path is of or leads into.
   *
   * @param path absolute, in its plain form
   */
  Look look(AccountId account, RegionId region, String bucket, String path);

  /** The hosts that hold what has these keys; one that no host holds is not in the answer. */
  Map<String, Set<HostId>> hosts(Set<String> keys);

  /**
   * Keeps what a group that is just being made mounts, as long as there is the group. Returns when
   * that is durable.
   *
   * @throws io.podyard.api.ApiException if it is not there any more
   */
  void use(ContainerGroupId group, Collection<Mounted> data);
}
