package io.podyard.controlplane.datacache;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.quota.Quota;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.runtime.HeldData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Begins new caches and revisions, inside the caller's transaction. */
@Component
class DataCacheMaking {

  private static final long GIB = 1L << 30;

  private final DataCacheStore store;
  private final DataCacheEvents events;
  private final Quotas quotas;
  private final SecretBox secrets;
  private final Duration deadline;

  DataCacheMaking(
      DataCacheStore store,
      DataCacheEvents events,
      Quotas quotas,
      SecretBox secrets,
      PodyardSettings settings) {
    this.store = store;
    this.events = events;
    this.quotas = quotas;
    this.secrets = secrets;
    this.deadline = settings.dataCaches().deadline();
  }

  /** Two requests at once must not both take the last cache or the same place. */
  void lock(AccountId account, RegionId region) {
    var _ = quotas.lock(List.of(new QuotaPlace(account, region)));
  }

  /**
   * Writes a new cache.
   *
   * @throws ApiException if there is one at its place, or the account may have no more
   */
  void make(
      String id,
      AccountId account,
      RegionId region,
      DataCacheWish wish,
      NewRevision revision,
      Instant now) {
    lock(account, region);
    requireFree(account, region, wish.bucket(), wish.path(), "Path");
    Quota quota =
        quotas.of(new QuotaPlace(account, region)).stream()
            .filter(one -> one.kind() == QuotaKind.DATA_CACHE)
            .findFirst()
            .orElseThrow();
    if (quota.used().longValue() >= quota.maximum()) {
      throw new ApiException(
          ErrorCode.QUOTA_EXCEEDED,
          "The account has %d data caches in %s and may have %d; delete one."
              .formatted(quota.used().longValue(), region, quota.maximum()));
    }
    store.insert(id, account, region, wish, revision, now, deadline);
    boolean copied = revision.copyOf() != null;
    events.normal(
        id,
        copied ? "Creating" : "Loading",
        copied
            ? "What data cache %s holds is brought to a host.".formatted(revision.copyOf())
            : "The data is to be read.",
        now);
  }

  /**
   * @throws ApiException if a cache that did not fail has the place
   */
  void requireFree(
      AccountId account, RegionId region, String bucket, String path, String parameter) {
    store
        .at(account, region, bucket, path)
        .filter(there -> there.status() != DataCacheStatus.FAILED)
        .ifPresent(
            there -> {
              throw new ApiException(
                  new Problem(
                      ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME,
                      parameter,
                      parameter.equals("Path") ? path : bucket,
                      "must be free: data cache %s is at %s in bucket %s"
                          .formatted(there.id(), path, bucket)));
            });
  }

  /**
   * What is to be made of a source.
   *
   * @throws ApiException if it is another cache that cannot be used
   */
  NewRevision revision(AccountId account, RegionId region, StoredSource source, int sizeGib) {
    if (!source.type().equals(StoredSource.SNAPSHOT)) {
      return new NewRevision(sizeGib, source, null, null);
    }
    String id = Objects.requireNonNull(source.options().get(StoredSource.SNAPSHOT_ID));
    String parameter = "DataSource.Options." + StoredSource.SNAPSHOT_ID;
    DataCacheRow cache =
        store
            .find(account, region, id.strip())
            .orElseThrow(() -> DataCaches.unknown(parameter, id));
    return copyOf(cache, sizeGib, parameter, id);
  }

  /**
   * The same data as another cache has.
   *
   * @param parameter that named it
   * @throws ApiException if it cannot be used, or does not fit
   */
  NewRevision copyOf(DataCacheRow cache, int sizeGib, String parameter, String given) {
    HeldData content = cache.content();
    if (cache.revision() == 0 || content == null) {
      throw new ApiException(
          new Problem(
              ErrorCode.INCORRECT_STATUS,
              parameter,
              given,
              "names a data cache that is %s; copies are made of one that is Available"
                  .formatted(cache.status().wireName())));
    }
    requireFits(content, sizeGib);
    return new NewRevision(
        sizeGib, StoredSource.opened(secrets, cache.source(), cache.id()), cache.id(), content);
  }

  /**
   * @throws ApiException if data has more bytes than a cache of that size
   */
  static void requireFits(@Nullable HeldData content, int sizeGib) {
    if (content != null && content.bytes() > sizeGib * GIB) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "Size",
              String.valueOf(sizeGib),
              "must be enough for the data, which has %d bytes".formatted(content.bytes())));
    }
  }
}
