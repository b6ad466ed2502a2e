package io.podyard.controlplane.judge;

import java.util.List;

/**
 * That data caches are charged from when their events say that something began until they say that
 * it was over, and the groups that mount them for their disks. What had no price when it began
 * costs nothing.
 */
final class DataCacheChargeChecks {

  /** In whole seconds, as meters run; the first of each kind that was told. */
  private static final String TOLD =
      """
      with told as (
        select c.id, c.region, c.last_revision,
               date_trunc('second', c.deleting_at, 'UTC') as deleted_at,
               min(e.at) filter (where e.reason = 'Scheduled') as begun_at,
               min(e.at) filter (where e.reason = 'Created') as kept_from,
               min(e.at) filter (where e.reason in ('Created', 'CreateFailed')) as made_at,
               min(e.at) filter (where e.reason = 'Updating') as updating_at,
               min(e.at) filter (where e.reason in ('Updated', 'UpdateFailed')) as updated_at
        from data_cache c
             left join lateral (
               select v.reason, date_trunc('second', v.noted_at, 'UTC') as at
               from data_cache_event v where v.cache_id = c.id) e on true
        where coalesce(c.deleting_at >= (select kept_from from usage_start), true)
        group by c.id)
      """;

  /** Groups that got disks from data caches. */
  private static final String DATA_DISKS =
      DatabaseCheck.ALL_GROUPS
          + """
          , of_data as (
            select id, account_id, (kept ->> 'dataCacheGib')::int4 as gib
            from groups where (kept ->> 'dataCacheGib')::int4 > 0)
          """;

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.DATA_CACHES,
              """
              select i.group_id, format('is metered by %s for %s GiB, but %s', i.tariff, i.storage_gib,
                  case when c.id is null then 'there is no such data cache'
                       else format('its data cache is %s and has %s GiB', c.status, r.size_gib) end)
              from usage_interval i
              left join data_cache c on c.id = split_part(i.group_id, '.', 1)
                and c.account_id = i.account_id and c.deleting_at is null
                and (i.tariff = 'data-cache-storage'
                     or c.status in ('Loading', 'Creating', 'Updating'))
              left join data_cache_revision r on r.cache_id = c.id
                and r.revision = case i.tariff when 'data-cache-storage' then c.revision
                                               else c.making end
              where i.ended_at is null
                and i.tariff in ('data-cache-creation', 'data-cache-storage')
                and r.size_gib is distinct from i.storage_gib
              """),
          new DatabaseCheck(
              Rule.DATA_CACHES,
              TOLD
                  + """
                  select t.id, format('was made from %s to %s, and is charged for from %s to %s',
                                      t.begun_at, t.over_at, i.started_at, i.ended_at)
                  from (select *, coalesce(made_at, deleted_at) as over_at from told) t
                       left join metered_interval i
                         on i.group_id = t.id and i.tariff = 'data-cache-creation'
                  where t.begun_at is not null
                    and coalesce(t.begun_at >= (select kept_from from usage_start), true)
                    -- That it was begun was not told before this release.
                    and coalesce(t.begun_at <= t.made_at, true)
                    and (i.group_id is not null or sells(t.region, 'data-cache-disk', t.begun_at))
                    and (i.started_at is distinct from t.begun_at
                         or i.ended_at is distinct from
                            case when t.over_at is not null then greatest(t.begun_at, t.over_at) end)
                  """),
          new DatabaseCheck(
              Rule.DATA_CACHES,
              TOLD
                  + """
                  select i.group_id, format('was made from %s to %s, and is charged for from %s to %s',
                                            t.updating_at, t.over_at, i.started_at, i.ended_at)
                  from (select *, coalesce(updated_at, deleted_at) as over_at from told) t
                       join metered_interval i
                         on i.group_id = t.id || '.2' and i.tariff = 'data-cache-creation'
                  where t.last_revision = 2
                    and (i.started_at < t.updating_at
                         or i.ended_at is distinct from
                            case when t.over_at is not null then greatest(i.started_at, t.over_at) end)
                  """),
          new DatabaseCheck(
              Rule.DATA_CACHES,
              TOLD
                  + """
                  , began as (
                    select t.id, t.kept_from as at, 0 as after from told t
                    union all
                    select i.group_id, i.ended_at, i.sequence
                    from told t join metered_interval i
                      on i.group_id = t.id and i.tariff = 'data-cache-storage')
                  select t.id, format('is not charged for being kept from %s on', b.at)
                  from told t join began b using (id)
                  where (t.deleted_at is null or b.at < t.deleted_at)
                    and coalesce(b.at >= (select kept_from from usage_start), true)
                    and sells(t.region, 'data-cache-storage', b.at)
                    and not exists (
                      select 1 from metered_interval i
                      where i.group_id = t.id and i.tariff = 'data-cache-storage'
                        and i.started_at = b.at and i.sequence > b.after)
                  """),
          new DatabaseCheck(
              Rule.DATA_CACHES,
              TOLD
                  + """
                  select t.id, format('was kept from %s to %s, and is charged for that from %s to %s',
                                      t.kept_from, t.deleted_at, i.started_at, i.ended_at)
                  from told t join metered_interval i
                    on i.group_id = t.id and i.tariff = 'data-cache-storage'
                  where coalesce(i.started_at < t.kept_from, true)
                     or (t.deleted_at is not null
                         and coalesce(i.ended_at, 'infinity') > greatest(i.started_at, t.deleted_at))
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              DATA_DISKS
                  + """
                  select g.id, format('has %s GiB of data caches, and is metered with %s', g.gib,
                                      i.data_gib)
                  from of_data g join usage_interval i on i.group_id = g.id
                  -- What began under a release that knew of no such disks is metered without them.
                  where i.data_gib not in (0, g.gib)
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select i.group_id, format('has %s GiB of data caches from %s to %s, and they are not'
                                        || ' metered like this', i.data_gib, i.started_at, i.ended_at)
              from usage_interval i
              where i.data_gib > 0 and sells(i.region, 'data-cache-use', i.started_at)
                and not exists (
                  select 1 from metered_interval d
                  where d.group_id = i.group_id || '.edc' and d.started_at = i.started_at
                    and d.ended_at is not distinct from i.ended_at)
              """),
          new DatabaseCheck(
              Rule.USAGE,
              DATA_DISKS
                  + """
                  select d.group_id, format('is metered for %s GiB from %s to %s, but %s',
                      d.storage_gib, d.started_at, d.ended_at,
                      case when g.id is null then 'there is no such group that mounts data caches'
                           else format('%s has %s GiB of them', g.id, g.gib) end)
                  from metered_interval d
                       left join of_data g
                         on g.id || '.edc' = d.group_id and g.account_id = d.account_id
                       left join metered_interval i
                         on i.group_id = g.id and i.started_at = d.started_at
                        and i.ended_at is not distinct from d.ended_at and d.storage_gib = g.gib
                  where d.tariff = 'data-cache-use' and i.group_id is null
                    and coalesce(d.ended_at >= (select kept_from from history_start), true)
                  """));

  private DataCacheChargeChecks() {}
}
