package io.podyard.controlplane.judge;

import java.util.List;

/** What is wrong with data caches. */
final class DataCachePlants {

  private static final String CACHE =
      """
      insert into data_cache (id, account_id, region, bucket, path, name, status, revision, making,
                              created_at)
      values ('edc-planted', 'a', 'r', 'default', '/d', 'n', '%s', %s, %s, now());
      insert into data_cache_revision (cache_id, revision, size_gib, source, asked_at, deadline_at)
      values ('edc-planted', 1, 20, '', now(), now() - interval '2 minutes')
      """;

  private static final String COPY =
      """
      insert into data_cache_copy (id, cache_id, revision, host_id, shard, held_at, created_at,
                                   finished_at)
      select 'edc-planted.2@h', 'edc-planted', 2, host_id, shard, %s,
             now() - interval '1 minute', %s
      from container_group where id = '{running}'
      """;

  static final List<Plant> ALL =
      List.of(
          Plant.of(
              "data that can be used though nobody knows what it is",
              "DATA_CACHES edc-planted",
              "is not known",
              CACHE.formatted("Available", "1", "null")),
          Plant.of(
              "data that is neither made nor given up",
              "DATA_CACHES edc-planted",
              "should have been made by",
              CACHE.formatted("Loading", "0", "1")),
          Plant.of(
              "data that is held and nobody's",
              "DATA_CACHES edc-planted.2@h",
              "",
              COPY.formatted("now()", "null")),
          Plant.of(
              "data on a host of no cache",
              "DATA_CACHES edc-planted.2@h",
              "belongs to no cache",
              COPY.formatted("null", "null")),
          Plant.of(
              "data that is not let go",
              "DATA_CACHES edc-planted.2@h",
              "is not wanted since",
              COPY.formatted("null", "now() - interval '1 minute'")));

  private DataCachePlants() {}
}
