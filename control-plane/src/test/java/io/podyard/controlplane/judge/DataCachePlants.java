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

  /** One that was scheduled ten seconds ago, available five seconds ago, and charged for that. */
  private static final String CHARGED =
      """
      insert into data_cache (id, account_id, region, bucket, path, name, status, revision,
                              created_at)
      values ('edc-planted', 'a', 'r', 'default', '/d', 'n', 'Available', 1, now());
      insert into data_cache_revision (cache_id, revision, size_gib, source, asked_at, deadline_at,
                                       digest, bytes, entries)
      values ('edc-planted', 1, 20, '', now(), now(), 'sha256:0', 1, 1);
      insert into data_cache_event (cache_id, name, type, reason, message, first_at, last_at,
                                    noted_at)
      values ('edc-planted', 'e', 'Normal', 'Scheduled', '', now(), now(), now() - interval '10 s'),
             ('edc-planted', 'e', 'Normal', 'Created', '', now(), now(), now() - interval '5 s');
      insert into price (region, item, currency, per_second, valid_from)
      values ('r', 'data-cache-storage', 'CNY', 1, '2018-08-08T00:00:00Z');
      insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                  memory_mib, tariff, storage_gib, started_at, ended_at)
      select 'edc-planted', m.sequence, 'a', 'r', 'z', m.milli_cpu, m.memory_mib, m.tariff, 20,
             date_trunc('second', now(), 'UTC') - m.begun * interval '1 s',
             date_trunc('second', now(), 'UTC') - m.ended * interval '1 s'
      from (values (1, 2000, 4096, 'data-cache-creation', 10, 5),
                   (2, 0, 0, 'data-cache-storage', 5, null)) as
           m (sequence, milli_cpu, memory_mib, tariff, begun, ended)
      """;

  /** A group that got so many GiB, and is metered with so many. */
  private static final String MOUNTS =
      """
      update container_group set kept = jsonb_set(kept, '{dataCacheGib}', '40')
      where id = '{running}';
      update usage_interval set data_gib = %s where group_id = '{running}'
      """;

  private static final String DISK =
      """
      insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                  memory_mib, started_at, tariff, storage_gib)
      select group_id || '.edc', 1, account_id, region, zone, 0, 0, %s, 'data-cache-use', 40
      from usage_interval where group_id = '{running}'
      """;

  static final List<Plant> ALL =
      List.of(
          Plant.of(
              "data that is metered and there is none",
              "DATA_CACHES edc-planted",
              "there is no such data cache",
              CHARGED,
              "delete from data_cache_event",
              "delete from data_cache_revision",
              "delete from data_cache"),
          Plant.of(
              "data that is metered at another size",
              "DATA_CACHES edc-planted",
              "its data cache is Available and has 21 GiB",
              CHARGED,
              "alter table data_cache_revision disable trigger user",
              "update data_cache_revision set size_gib = 21"),
          Plant.of(
              "data that was made in a shorter time than it is charged for",
              "DATA_CACHES edc-planted",
              "was made from",
              CHARGED,
              "update usage_interval set started_at = started_at - interval '1 s' where sequence = 1"
                  + " and group_id = 'edc-planted'"),
          Plant.of(
              "data that was changed in a longer time than it is charged for",
              "DATA_CACHES edc-planted.2",
              "was made from",
              CHARGED,
              "update data_cache set last_revision = 2",
              """
              insert into data_cache_event (cache_id, name, type, reason, message, first_at, last_at,
                                            noted_at)
              values ('edc-planted', 'e', 'Normal', 'Updating', '', now(), now(),
                      now() - interval '4 s'),
                     ('edc-planted', 'e', 'Warning', 'UpdateFailed', '', now(), now(),
                      now() - interval '2 s')
              """,
              """
              insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                          memory_mib, tariff, storage_gib, started_at, ended_at)
              select group_id || '.2', 1, account_id, region, zone, milli_cpu, memory_mib, tariff, 20,
                     started_at + interval '6 s', ended_at + interval '2 s'
              from usage_interval where group_id = 'edc-planted' and sequence = 1
              """),
          Plant.of(
              "data that is kept and costs nothing",
              "DATA_CACHES edc-planted",
              "is not charged for being kept from",
              CHARGED,
              "delete from usage_interval where group_id = 'edc-planted' and sequence = 2"),
          Plant.of(
              "data that is kept and is not charged for any more",
              "DATA_CACHES edc-planted",
              "is not charged for being kept from",
              CHARGED,
              "update usage_interval set ended_at = started_at where group_id = 'edc-planted' and"
                  + " sequence = 2"),
          Plant.of(
              "data that is deleted and was charged for longer",
              "DATA_CACHES edc-planted",
              "was kept from",
              CHARGED,
              "alter table data_cache disable trigger user",
              "update data_cache set deleting_at = now() - interval '3 s'",
              "update usage_interval set ended_at = started_at + interval '4 s' where group_id ="
                  + " 'edc-planted' and sequence = 2"),
          Plant.of(
              "a bill for less data than a group mounts",
              "USAGE {running}",
              "has 40 GiB of data caches, and is metered with 7",
              MOUNTS.formatted("7")),
          Plant.of(
              "a group that mounts data and is not charged for it",
              "USAGE {running}",
              "are not metered like this",
              MOUNTS.formatted("40"),
              """
              insert into price (region, item, currency, per_second, valid_from)
              values ('*', 'data-cache-use', 'CNY', 1, '2018-08-08T00:00:00Z')
              """),
          Plant.of(
              "a bill for data that no group mounts",
              "USAGE {running}.edc",
              "there is no such group that mounts data caches",
              DISK.formatted("started_at")),
          Plant.of(
              "a bill for data from before its group was metered",
              "USAGE {running}.edc",
              "has 40 GiB of them",
              MOUNTS.formatted("40"),
              DISK.formatted("started_at - interval '1 s'")),
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
