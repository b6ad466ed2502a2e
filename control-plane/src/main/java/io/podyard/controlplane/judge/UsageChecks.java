package io.podyard.controlplane.judge;

import java.util.List;

/** That groups are billed for what they used, once. */
final class UsageChecks {

  private static final String OF_GROUPS =
      " i.tariff not in ('volume', 'virtual-node') and i.tariff not like '%-cache-%' ";

  /** Groups that got a disk from an image cache, with what of it is not free. */
  private static final String CACHE_DISKS =
      DatabaseCheck.ALL_GROUPS
          + """
          , of_cache as (
            select id, account_id, (kept #>> '{imageCache,use,sizeGib}')::int4 - 30 as gib
            from groups where (kept #>> '{imageCache,use,sizeGib}')::int4 > 30)
          """;

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.USAGE,
              """
              select i.group_id, 'is metered although it is ' || coalesce(g.status, 'over')
              from usage_interval i left join container_group g on g.id = i.group_id
              where i.ended_at is null and """
                  + OF_GROUPS
                  + """
                and (g.id is null or g.status not in
                     ('Pending', 'Running', 'Restarting', 'Updating', 'Terminating'))
              """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select g.id, 'is ' || g.status || ' but not metered'
              from container_group g
              where (g.status in ('Pending', 'Running', 'Restarting', 'Updating')
                     or (g.status = 'Terminating'
                         and g.state ->> 'phase'
                             in ('STARTING', 'RUNNING', 'REPLACING', 'STOPPING')))
                and not exists (
                  select 1 from usage_interval i where i.group_id = g.id and i.ended_at is null)
              """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select g.id, format('is metered although its host says %s', g.state ->> 'phase')
              from container_group g
                   join usage_interval i on i.group_id = g.id and i.ended_at is null
              where g.state ->> 'phase' not in ('STARTING', 'RUNNING', 'REPLACING', 'STOPPING')
              """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select a.group_id, format('intervals %s and %s overlap', a.sequence, b.sequence)
              from metered_interval a join metered_interval b
                on a.group_id = b.group_id and a.sequence < b.sequence
               and tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)
              """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select group_id, format('has the intervals %s',
                                      string_agg(sequence::text, ', ' order by sequence))
              from metered_interval
              group by group_id
              having max(sequence) - min(sequence) + 1 <> count(*)
                  or (min(sequence) <> 1
                      and min(started_at) >= (select kept_from from usage_start))
              """),
          new DatabaseCheck(
              Rule.USAGE,
              // A group's meter stops once, and another size begins where the one before ended.
              """
              select i.group_id, format('interval %s ended at %s, but %s began at %s',
                                        i.sequence, i.ended_at, n.sequence, n.started_at)
              from metered_interval i join metered_interval n
                on n.group_id = i.group_id and n.sequence = i.sequence + 1
              where n.started_at <> i.ended_at and
              """
                  + OF_GROUPS),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select i.group_id, 'was never created but is metered'
              from metered_interval i
              where not exists (select 1 from container_group g where g.id = i.group_id)
                and not exists (select 1 from container_group_history h where h.id = i.group_id)
                and coalesce(i.ended_at >= (select kept_from from history_start), true)
                and """
                  + OF_GROUPS),
          new DatabaseCheck(
              Rule.USAGE,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, format('used its host from %s on but was never metered',
                                      g.state ->> 'chargedFrom')
                  from groups g
                  where g.state ->> 'chargedFrom' is not null
                    and coalesce((g.state ->> 'endedAt')::timestamptz
                                   >= (select kept_from from usage_start), true)
                    and not exists (select 1 from metered_interval i where i.group_id = g.id)
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              // Seconds are cut off the text: a cast to a timestamp would round what is finer.
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, format('is metered from %s on, but used its host from %s on',
                                      i.started_at, coalesce(g.state ->> 'chargedFrom', 'never'))
                  from groups g join metered_interval i on i.group_id = g.id and i.sequence = 1
                  where i.started_at is distinct from
                        (left(g.state ->> 'chargedFrom', 19) || 'Z')::timestamptz
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, format('was metered until %s, but ended at %s',
                                      i.ended_at, g.state ->> 'endedAt')
                  from groups g
                       join lateral (select * from metered_interval i where i.group_id = g.id
                                     order by i.sequence desc limit 1) i on true
                  where g.state ->> 'endedAt' is not null and i.ended_at is not null
                    and i.ended_at <> greatest(
                          i.started_at, (left(g.state ->> 'endedAt', 19) || 'Z')::timestamptz)
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, format('of %s in %s is metered for %s in %s',
                                      g.account_id, g.zone, i.account_id, i.zone)
                  from groups g join metered_interval i on i.group_id = g.id
                  where (g.account_id, g.region) <> (i.account_id, i.region)
                     or g.zone is distinct from i.zone
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, format('of %s milli-vCPU and %s MiB is metered with %s and %s',
                                      g.milli_cpu, g.memory_mib, i.milli_cpu, i.memory_mib)
                  from groups g
                       join lateral (select * from metered_interval i where i.group_id = g.id
                                     order by i.sequence desc limit 1) i on true
                  where (g.milli_cpu, g.memory_mib) <> (i.milli_cpu, i.memory_mib)
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, format('is metered with %s thousandths of a GPU, and has others',
                                      i.gpu_milli)
                  from groups g join metered_interval i on i.group_id = g.id
                  where i.gpu_milli <> coalesce((g.spec #>> '{gpus,count}')::int4
                                                * (g.spec #>> '{gpus,milliEach}')::int4, 0)
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, format('is metered with %s GiB of storage, and has bought %s',
                                      i.storage_gib, b.gib)
                  from groups g
                       join lateral (select * from metered_interval i where i.group_id = g.id
                                     order by i.sequence desc limit 1) i on true
                       cross join lateral (
                         select coalesce((g.spec ->> 'ephemeralStorageMib')::int4 / 1024 - 30, 0)
                           as gib) b
                  -- What began under a release that knew of no storage is metered without it.
                  where i.storage_gib not in (0, b.gib)
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select i.group_id, format('is metered as a volume of %s GiB of %s, but %s',
                                        i.storage_gib, i.account_id,
                                        case when v.id is null then 'there is none'
                                             else format('has %s and is of %s', v.size_gib,
                                                         v.account_id) end)
              from usage_interval i
                   left join persistent_volume v on v.id = i.group_id
                     and v.host_id is not null and v.deleting_at is null
              where i.ended_at is null and i.tariff = 'volume'
                and (v.size_gib, v.account_id, v.region, v.zone)
                    is distinct from (i.storage_gib, i.account_id, i.region, i.zone)
              """),
          new DatabaseCheck(
              Rule.USAGE,
              CACHE_DISKS
                  + """
                  select g.id, format('has %s GiB of an image cache beyond the free ones, and is'
                                      || ' metered with %s', g.gib, i.cache_gib)
                  from of_cache g join usage_interval i on i.group_id = g.id
                  -- What began under a release that knew of no such disk is metered without it.
                  where i.cache_gib not in (0, g.gib)
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              CACHE_DISKS
                  + """
                  select d.group_id, format('is metered for %s GiB from %s to %s, but %s',
                      d.storage_gib, d.started_at, d.ended_at,
                      case when g.id is null then 'there is no such group with an image cache'
                           else format('%s has %s GiB beyond the free ones', g.id, g.gib) end)
                  from metered_interval d
                       left join of_cache g
                         on g.id || '.imc' = d.group_id and g.account_id = d.account_id
                       left join metered_interval i
                         on i.group_id = g.id and i.started_at = d.started_at
                        and i.ended_at is not distinct from d.ended_at
                        and d.storage_gib = g.gib - i.storage_gib
                  where d.tariff = 'image-cache-use' and i.group_id is null
                    and coalesce(d.ended_at >= (select kept_from from history_start), true)
                  """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select o.group_id, format('interval %s is kept twice', o.sequence)
              from usage_interval o join usage_interval_closed c using (group_id, sequence)
              """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select c.group_id, format('has not ended, and its interval %s is put away', c.sequence)
              from usage_interval_closed c
              where exists (select 1 from usage_interval o
                            where o.group_id = c.group_id and o.ended_at is null)
                 or exists (select 1 from container_group g
                            where g.id = c.group_id and g.final_at is null)
              """),
          new DatabaseCheck(
              Rule.USAGE,
              """
              select group_id, format('is metered in the future: %s to %s', started_at, ended_at)
              from metered_interval
              where greatest(started_at, ended_at) > now() + interval '1 minute'
              """));

  private UsageChecks() {}
}
