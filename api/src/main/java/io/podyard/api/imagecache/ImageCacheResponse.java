package io.podyard.api.imagecache;

import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.tag.Tag;
import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One image cache.
 *
 * @param containerGroupId never answered: no group makes the cache
 * @param eliminationStrategy {@code LRU} or absent
 * @param events the newest fifty, newest last
 * @param expireDateTime when it is deleted; absent for never
 * @param flashSnapshotId of one that was asked for with {@code flash}, what groups start from
 * @param imageCacheSize in GiB
 * @param images what it holds, or is to hold if it holds nothing yet
 * @param lastMatchedTime when a group last started from it, absent if none did
 * @param progress such as {@code 50%}, by the bytes of its copies
 * @param snapshotId what groups start from; absent before it is there
 * @param status {@code Preparing}, {@code Creating}, {@code Ready}, {@code Failed}, {@code
 *     Updating} or {@code UpdateFailed}
 */
public record ImageCacheResponse(
    @Nullable String containerGroupId,
    @Answered @Nullable Instant creationTime,
    @Nullable String eliminationStrategy,
    List<EventResponse> events,
    @Nullable Instant expireDateTime,
    @Nullable String flashSnapshotId,
    @Answered @Nullable String imageCacheId,
    @Answered @Nullable String imageCacheName,
    @Answered @Nullable Integer imageCacheSize,
    List<String> images,
    @Nullable Instant lastMatchedTime,
    @Answered @Nullable String progress,
    @Answered @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String snapshotId,
    @Answered @Nullable String status,
    List<Tag> tags) {
  public ImageCacheResponse {
    events = WireLists.orEmpty(events);
    images = WireLists.orEmpty(images);
    tags = WireLists.orEmpty(tags);
  }
}
