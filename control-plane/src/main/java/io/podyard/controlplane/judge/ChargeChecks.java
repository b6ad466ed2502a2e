package io.podyard.controlplane.judge;

import java.util.List;

/** That hours are charged for what was used in them, by sums that share nothing with settling. */
final class ChargeChecks {

  /** An hour, for people. */
  private static final String HOUR =
      """
      to_char(%s.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"')
      """;

  /**
   * What was used, by account, hour and item; all hours that any interval touches, as far as they
   * are known whole.
   */
  private static final String USED =
      """
      with used as (
        select i.account_id, h.hour, p.item,
               sum(p.amount * extract(epoch from
                   least(coalesce(i.ended_at, 'infinity'), h.hour + interval '1 hour')
                   - greatest(i.started_at, h.hour))) as units
        from metered_interval i
             cross join lateral generate_series(
               date_trunc('hour', i.started_at, 'UTC'),
               least(i.ended_at - interval '1 s', (select max(hour) from metered_hour)),
               interval '1 hour') h (hour)
             cross join lateral (
               select i.tariff in ('', 'economy') or i.tariff like 'gpu-%'
                      or i.tariff like 'ecs.%' as of_group,
                      i.tariff in ('image-cache-creation', 'data-cache-creation') as of_making) t
             cross join lateral (values
               (case when i.tariff = 'economy' then 'economy-vcpu'
                     when i.tariff like 'ecs.%' then i.tariff
                     when of_group or of_making or i.tariff = 'virtual-node' then 'vcpu' end,
                case when i.tariff like 'ecs.%' then 1 else i.milli_cpu * 0.001 end),
               (case when i.tariff not like 'ecs.%'
                          and (of_group or of_making or i.tariff = 'virtual-node')
                     then 'memory' end,
                i.memory_mib * 0.0009765625),
               (case when i.tariff like 'gpu-%' then i.tariff
                     when i.tariff in ('', 'economy') then 'gpu' end,
                i.gpu_milli * 0.001),
               (case when of_group then 'ephemeral-storage'
                     when of_making then replace(i.tariff, 'creation', 'disk')
                     when i.tariff <> 'virtual-node' then i.tariff end,
                i.storage_gib)) p (item, amount)
        where p.item is not null and p.amount <> 0
          and h.hour >= (select kept_from from usage_start)
        group by i.account_id, h.hour, p.item)
      """;

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.CHARGES,
              USED
                  + """
                  , compared as (
                    select account_id, hour, item, sum(used) as used, sum(charged) as charged
                    from (select account_id, hour, item, units as used, 0 as charged from used
                          union all
                          select account_id, hour, item, 0, units from charge_line
                          where kind <> 'unused') every
                    group by account_id, hour, item having sum(used) <> sum(charged))
                  select c.account_id, format('used %%s of %%s in the hour of %%s, and is charged for %%s',
                                              trim_scale(c.used), c.item, %s, trim_scale(c.charged))
                  from compared c
                       join account_hour a on a.account_id = c.account_id and a.hour = c.hour
                  where not a.due and a.problem is null
                    and a.hour >= (select kept_from from usage_start)
                    and not exists (select 1 from late_usage l
                                    where l.account_id = a.account_id and l.hour = a.hour)
                  """
                      .formatted(HOUR.formatted("c"))),
          new DatabaseCheck(
              Rule.CHARGES,
              USED
                  + """
                  select distinct u.account_id, format('used %%s in the hour of %%s, which nobody settles',
                                                       u.item, %s)
                  from used u join metered_hour m on m.hour = u.hour and m.listed
                  where not exists (select 1 from account_hour a
                                    where a.account_id = u.account_id and a.hour = u.hour)
                    and not exists (select 1 from late_usage l
                                    where l.account_id = u.account_id and l.hour = u.hour)
                  """
                      .formatted(HOUR.formatted("u"))),
          new DatabaseCheck(
              Rule.CHARGES,
              """
              select distinct l.account_id, format('is charged for the hour of %%s, which was never listed', %s)
              from charge_line l
              where not exists (select 1 from account_hour a join metered_hour m on m.hour = a.hour
                                where a.account_id = l.account_id and a.hour = l.hour and m.listed)
              """
                  .formatted(HOUR.formatted("l"))),
          new DatabaseCheck(
              Rule.CHARGES,
              """
              select l.resource_id, format('has %%s lines of one kind and revision in the hour of %%s',
                                           count(*), %s)
              from charge_line l
              group by account_id, hour, resource_kind, resource_id, region, zone, item, kind,
                       agreement_id, list_price, unit_price, currency, revision
              having count(*) > 1
              """
                  .formatted(HOUR.formatted("l"))),
          new DatabaseCheck(
              Rule.CHARGES,
              """
              select distinct a.resource_id, format('is called %s and %s at one time', a.name, b.name)
              from billed_resource a join billed_resource b
                on b.account_id = a.account_id and b.resource_id = a.resource_id
               and b.resource_kind = a.resource_kind and b.from_hour > a.from_hour
               and b.from_hour < a.to_hour
              """));

  private ChargeChecks() {}
}
