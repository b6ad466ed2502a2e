package io.podyard.controlplane.judge;

import java.util.List;

/** That no half data is ever used, and that what nobody wants any more goes. */
final class DataCacheChecks {

  /** Whether a group may still mount the revision of a copy {@code k} on its host. */
  private static final String USED =
      """
      exists (
        select 1 from data_cache_use u left join container_group g on g.id = u.group_id
        where u.cache_id = k.cache_id and u.revision = k.revision
          and (g.id is null or g.host_id is null or g.host_id = k.host_id))\
      """;

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.DATA_CACHES,
              """
              select c.id, format('is %s, but what its revision %s is is not known',
                  c.status, c.revision)
              from data_cache c
              left join data_cache_revision r on r.cache_id = c.id and r.revision = c.revision
              where c.revision > 0 and c.deleting_at is null
                and (r.digest is null or r.problem is not null)
              """),
          new DatabaseCheck(
              Rule.DATA_CACHES,
              """
              select k.id, 'is held, but what it is is not known'
              from data_cache_copy k
              where k.held_at is not null and k.finished_at is null and not exists (
                select 1 from data_cache_revision r
                where r.cache_id = k.cache_id and r.revision = k.revision
                  and r.digest is not null)
              """),
          new DatabaseCheck(
              Rule.DATA_CACHES,
              """
              select c.id, format('should have been made by %s', r.deadline_at)
              from data_cache c
              join data_cache_revision r on r.cache_id = c.id and r.revision = c.making
              where c.status <> 'Failed' and c.deleting_at is null
                and r.deadline_at < now() - interval '1 minute'
              """),
          new DatabaseCheck(
              Rule.DATA_CACHES,
              """
              select k.id, format('belongs to no cache, and may still be on %%s', k.host_id)
              from data_cache_copy k
              where k.cleared_at is null and k.finished_at is null
                and k.created_at < now() - interval '30 seconds'
                and not exists (
                  select 1 from data_cache c
                  where c.id = k.cache_id and c.deleting_at is null
                    and k.revision in (c.revision, c.making))
                and not %s
              """
                  .formatted(USED)),
          new DatabaseCheck(
              Rule.DATA_CACHES,
              """
              select k.id, format('is not wanted since %s and may still be on %s', k.finished_at,
                  k.host_id)
              from data_cache_copy k
              where k.finished_at < now() - interval '30 seconds' and k.cleared_at is null
                and not exists (
                  select 1 from host h
                  where h.id = k.host_id and (h.lost_at is not null or h.unreachable_since is not null))
              """));

  private DataCacheChecks() {}
}
