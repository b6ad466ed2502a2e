package io.podyard.controlplane.datacache;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.datacache.DeleteDataCacheRequest;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By what a request names a cache: its id, or its bucket and path; where it gives both, they have
 * to be the same one's.
 */
record DataCachePlace(@Nullable String id, @Nullable String bucket, @Nullable String path) {

  static DataCachePlace read(DeleteDataCacheRequest asked, DataCacheRules rules) {
    String id =
        asked.dataCacheId() == null || asked.dataCacheId().isEmpty() ? null : asked.dataCacheId();
    rules.cacheId(id);
    String bucket = rules.bucket(asked.bucket());
    String path = rules.path(asked.path());
    if (id == null && (asked.path() == null || asked.path().isEmpty())) {
      rules.missing(bucket == null ? "DataCacheId" : "Path");
    }
    return new DataCachePlace(id, bucket, path);
  }

  Optional<DataCacheRow> find(DataCacheStore store, AccountId account, RegionId region) {
    if (id != null) {
      return store
          .find(account, region, id)
          .filter(row -> bucket == null || bucket.equals(row.bucket()))
          .filter(row -> path == null || path.equals(row.path()));
    }
    return store.at(
        account,
        region,
        bucket == null ? DataCacheRules.DEFAULT_BUCKET : bucket,
        path == null ? "" : path);
  }

  String name() {
    return id == null ? String.valueOf(path) : id;
  }

  List<String> meaning() {
    return List.of(String.valueOf(id), String.valueOf(bucket), String.valueOf(path));
  }

  ApiException unknown() {
    return id != null
        ? DataCaches.unknown("DataCacheId", id)
        : new ApiException(
            new Problem(
                ErrorCode.INVALID_PARAMETER_NOT_FOUND,
                "Path",
                path,
                "is that of no data cache of this account and region in bucket "
                    + (bucket == null ? DataCacheRules.DEFAULT_BUCKET : bucket)));
  }
}
