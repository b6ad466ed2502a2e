package io.podyard.controlplane.judge;

import java.util.List;

/** That no half cache is ever used, and that what nobody wants any more goes. */
final class ImageCacheChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.IMAGE_CACHES,
              """
              select c.id, format('is %s, but of its revision %s not all images are known',
                  c.status, c.revision)
              from image_cache c
              left join image_cache_revision r on r.cache_id = c.id and r.revision = c.revision
              where c.revision > 0 and c.deleting_at is null
                and (r.bytes is null or r.problem is not null
                  or (select count(*) from image_cache_image i
                      where i.cache_id = c.id and i.revision = c.revision)
                     <> cardinality(r.images))
              """),
          new DatabaseCheck(
              Rule.IMAGE_CACHES,
              """
              select k.id, 'is held, but what it is is not known'
              from image_cache_copy k
              where k.held_at is not null and k.finished_at is null and not exists (
                select 1 from image_cache_image i
                where i.cache_id = k.cache_id and i.revision = k.revision)
              """),
          new DatabaseCheck(
              Rule.IMAGE_CACHES,
              """
              select c.id, format('should have been made by %s', r.deadline_at)
              from image_cache c
              join image_cache_revision r on r.cache_id = c.id and r.revision = c.making
              where c.status <> 'Failed' and c.deleting_at is null
                and r.deadline_at < now() - interval '1 minute'
              """),
          new DatabaseCheck(
              Rule.IMAGE_CACHES,
              """
              select k.id, format('belongs to no cache, and may still be on %s', k.host_id)
              from image_cache_copy k
              where k.cleared_at is null and k.finished_at is null
                and k.created_at < now() - interval '30 seconds'
                and not exists (
                  select 1 from image_cache c
                  where c.id = k.cache_id and c.deleting_at is null
                    and k.revision in (c.revision, c.making))
              """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select i.group_id, format('is metered by %s, but %s', i.tariff,
                  case when c.id is null then 'there is no such image cache'
                       else format('its image cache is %s', c.status) end)
              from usage_interval i
              left join image_cache c on c.id = split_part(i.group_id, '.', 1)
                and c.account_id = i.account_id and c.deleting_at is null and not c.automatic
              where i.ended_at is null
                and i.tariff in ('image-cache-creation', 'image-cache-storage')
                and (c.id is null
                  or (i.tariff = 'image-cache-storage' and c.revision = 0)
                  or (i.tariff = 'image-cache-creation'
                    and c.status not in ('Creating', 'Updating')))
              """),
          new DatabaseCheck(
              Rule.IMAGE_CACHES,
              """
              select k.id, format('is not wanted since %s and may still be on %s', k.finished_at,
                  k.host_id)
              from image_cache_copy k
              where k.finished_at < now() - interval '30 seconds' and k.cleared_at is null
                and not exists (
                  select 1 from host h
                  where h.id = k.host_id and (h.lost_at is not null or h.unreachable_since is not null))
              """));

  private ImageCacheChecks() {}
}
