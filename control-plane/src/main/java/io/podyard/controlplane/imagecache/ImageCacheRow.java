package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.imagecache.CacheWish.Content;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored cache.
 *
 * @param automatic made by itself for a group
 * @param revision that is used, 0 for none
 * @param making the revision that is being made or could not be, null for none
 * @param content of the revision that is used, or else of the one that is being made
 * @param zone whose hosts hold it; null for any
 * @param bytes of the used revision, 0 while there is none
 */
record ImageCacheRow(
    String id,
    AccountId account,
    RegionId region,
    String name,
    boolean automatic,
    ImageCacheStatus status,
    int revision,
    @Nullable Integer making,
    int lastRevision,
    Content content,
    @Nullable String elimination,
    @Nullable Integer retentionDays,
    @Nullable String resourceGroup,
    @Nullable String zone,
    CacheWish.Kept kept,
    Map<String, String> tags,
    long bytes,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastMatchedAt,
    boolean deleting) {}
