package io.podyard.controlplane.imagecache;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.quota.Quota;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import java.util.List;
import org.springframework.stereotype.Component;

/** Makes room for one more cache within what an account may have. */
@Component
class CacheRoom {

  private final Quotas quotas;
  private final ImageCacheStore store;

  CacheRoom(Quotas quotas, ImageCacheStore store) {
    this.quotas = quotas;
    this.store = store;
  }

  /** Two requests at once must not both be the last one. */
  void lock(QuotaPlace place) {
    var _ = quotas.lock(List.of(place));
  }

  /**
   * Inside the transaction that makes the cache. Where there is no room, one that may is deleted.
   *
   * @throws ApiException with {@code QuotaExceeded} if there is none that may
   */
  void make(QuotaPlace place, QuotaKind kind) {
    lock(place);
    Quota quota =
        quotas.of(place).stream().filter(one -> one.kind() == kind).findFirst().orElseThrow();
    boolean full = quota.used().longValue() >= quota.maximum();
    boolean automatic = kind == QuotaKind.AUTO_IMAGE_CACHE;
    if (full
        && (quota.maximum() == 0 || !store.eliminate(place.account(), place.region(), automatic))) {
      throw new ApiException(
          ErrorCode.QUOTA_EXCEEDED,
          "The account has %d %s in %s and may have %d; delete one, or let one be deleted with EliminationStrategy LRU."
              .formatted(quota.used().longValue(), kind.unit(), place.region(), quota.maximum()));
    }
  }
}
