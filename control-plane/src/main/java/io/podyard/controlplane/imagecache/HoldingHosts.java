package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.cache.CacheRounds;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.mishap.Loop;
import org.springframework.stereotype.Component;

/** Plans what hosts hold of image caches. */
@Component
class HoldingHosts extends CacheRounds {

  HoldingHosts(CopyPlans plans, CopyStore copies, ShardLeases leases) {
    super(plans, copies, leases, Loop.IMAGE_CACHES, "image caches");
  }
}
