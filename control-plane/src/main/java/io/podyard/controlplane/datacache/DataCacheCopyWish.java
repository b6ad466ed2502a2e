package io.podyard.controlplane.datacache;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache that is wanted in another region; what is null it takes over from the one that it is made
 * from.
 *
 * @param retentionDays null for ever
 * @param resourceGroup null for none
 */
record DataCacheCopyWish(
    String from,
    @Nullable String bucket,
    @Nullable String path,
    @Nullable String name,
    @Nullable Integer retentionDays,
    @Nullable String resourceGroup,
    DataCacheWish.Kept kept,
    SortedMap<String, String> tags) {

  DataCacheWish of(DataCacheRow cache, StoredSource source) {
    return new DataCacheWish(
        bucket == null ? cache.bucket() : bucket,
        path == null ? cache.path() : path,
        name == null ? cache.name() : name,
        cache.sizeGib(),
        source,
        retentionDays,
        resourceGroup,
        kept,
        tags);
  }

  List<String> meaning(String destination) {
    return List.of(
        from,
        destination,
        String.valueOf(bucket),
        String.valueOf(path),
        String.valueOf(name),
        String.valueOf(retentionDays),
        String.valueOf(resourceGroup),
        String.valueOf(kept),
        String.valueOf(tags));
  }
}
