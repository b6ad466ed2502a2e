package io.podyard.controlplane.datacache;

import io.podyard.controlplane.cache.CacheCopy;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.runtime.HeldData;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored cache.
 *
 * @param revision that is used, 0 for none
 * @param making the revision that is being made or could not be, null for none
 * @param sizeGib of the revision that is used, or else of the one that is being made; as are {@code
 *     source}, {@code copyOf} and {@code content}
 * @param source sealed
 * @param copyOf the cache that it is a copy of, null for none
 * @param content null until a host has it
 */
record DataCacheRow(
    String id,
    AccountId account,
    RegionId region,
    String bucket,
    String path,
    String name,
    DataCacheStatus status,
    int revision,
    @Nullable Integer making,
    int lastRevision,
    int sizeGib,
    String source,
    @Nullable String copyOf,
    @Nullable HeldData content,
    @Nullable Integer retentionDays,
    @Nullable String resourceGroup,
    DataCacheWish.Kept kept,
    Map<String, String> tags,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastMatchedAt,
    boolean deleting) {

  /** By which hosts hold what is used. */
  String key() {
    return CacheCopy.key(id, revision);
  }
}
