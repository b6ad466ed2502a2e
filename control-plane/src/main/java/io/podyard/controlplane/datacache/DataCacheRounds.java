package io.podyard.controlplane.datacache;

import io.podyard.controlplane.cache.CacheRounds;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.mishap.Loop;
import org.springframework.stereotype.Component;

/** Plans what hosts hold of data caches. */
@Component
class DataCacheRounds extends CacheRounds {

  DataCacheRounds(DataCopyPlans plans, DataCopyStore copies, ShardLeases leases) {
    super(plans, copies, leases, Loop.DATA_CACHES, "data caches");
  }
}
