package io.podyard.controlplane.datacache;

import io.podyard.controlplane.quota.CountedResources;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import org.springframework.stereotype.Component;

/** What counts towards the quota of caches: those that are not deleted, failed ones too. */
@Component
class CountedDataCaches implements CountedResources {

  private final DataCacheStore store;

  CountedDataCaches(DataCacheStore store) {
    this.store = store;
  }

  @Override
  public QuotaKind kind() {
    return QuotaKind.DATA_CACHE;
  }

  @Override
  public long count(QuotaPlace place) {
    return store.count(place.account(), place.region());
  }
}
