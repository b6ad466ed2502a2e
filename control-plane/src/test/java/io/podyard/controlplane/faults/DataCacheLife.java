package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DataCacheResponse;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Data caches that are read from a web server, another file of it when the cache is changed. */
final class DataCacheLife extends CacheLife {

  private final PatientClient client;
  private final SlowFiles files;

  DataCacheLife(PatientClient client, Inspection inspection, SlowFiles files) {
    super(inspection, "data_cache");
    this.client = client;
    this.files = files;
  }

  @Override
  String make(int number) {
    return Objects.requireNonNull(
        client
            .repeated(
                Action.CREATE_DATA_CACHE,
                Map.of(
                    "ClientToken",
                    "read-" + number,
                    "Path",
                    "/dying",
                    "DataSource.Type",
                    "URL",
                    "DataSource.Options.#3#url",
                    files.url(number, 1)),
                CreateDataCacheResponse.class)
            .dataCacheId());
  }

  @Override
  void change(int number, String cache) {
    Object _ =
        client.repeated(
            Action.UPDATE_DATA_CACHE,
            Map.of(
                "ClientToken",
                "reread-" + number,
                "DataCacheId",
                cache,
                "DataSource.Type",
                "URL",
                "DataSource.Options.#3#url",
                files.url(number, 2)),
            Action.UPDATE_DATA_CACHE.responseType());
  }

  @Override
  void remove(int number, String cache) {
    Object _ =
        client.repeated(
            Action.DELETE_DATA_CACHE,
            Map.of("ClientToken", "forget-" + number, "DataCacheId", cache),
            Action.DELETE_DATA_CACHE.responseType());
  }

  @Override
  boolean isReady(String cache, int revision) {
    DataCacheResponse found =
        client
            .repeated(
                Action.DESCRIBE_DATA_CACHES,
                Map.of("DataCacheId.1", cache),
                DescribeDataCachesResponse.class)
            .dataCaches()
            .getFirst();
    assertThat(found.status()).doesNotContain("Failed");
    return "Available".equals(found.status())
        && String.valueOf(found.dataSource()).contains(SlowFiles.name(revision));
  }

  @Override
  boolean isHeld(Inspection hosts, Predicate<Set<String>> such) {
    return hosts.heldDataIs(such);
  }
}
