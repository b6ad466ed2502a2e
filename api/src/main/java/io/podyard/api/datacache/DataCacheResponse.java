package io.podyard.api.datacache;

import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.tag.Tag;
import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One data cache.
 *
 * @param containerGroupId never answered: no group makes the cache
 * @param dataSource of what it holds, or is to hold if it holds nothing yet
 * @param events the newest fifty, newest last
 * @param expireDateTime when it is deleted; absent for never
 * @param flashSnapshotId never answered
 * @param lastMatchedTime when a group last mounted it, absent if none did
 * @param progress such as {@code 50%}, by bytes
 * @param size in GiB
 * @param snapshotId what another data cache can be made from; absent before it is there
 * @param status {@code Loading}, {@code Creating}, {@code Available}, {@code Failed}, {@code
 *     Updating} or {@code UpdateFailed}
 */
public record DataCacheResponse(
    @Answered @Nullable String bucket,
    @Nullable String containerGroupId,
    @Answered @Nullable Instant creationTime,
    @Answered @Nullable String dataCacheId,
    @Answered @Nullable DataSourceResponse dataSource,
    List<EventResponse> events,
    @Nullable Instant expireDateTime,
    @Nullable String flashSnapshotId,
    @Nullable Instant lastMatchedTime,
    @Answered @Nullable String name,
    @Answered @Nullable String path,
    @Answered @Nullable String progress,
    @Answered @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Answered @Nullable Integer size,
    @Nullable String snapshotId,
    @Answered @Nullable String status,
    List<Tag> tags) {
  public DataCacheResponse {
    events = WireLists.orEmpty(events);
    tags = WireLists.orEmpty(tags);
  }
}
