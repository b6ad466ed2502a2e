package io.podyard.controlplane.settlement;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What hours cost, counted from what was metered and from the table of prices by plain SQL, which
 * knows nothing of settling: for each account, hour and item the seconds of each interval at each
 * price, to the last digit. For groups at full price, and caches.
 */
public final class Recount {

  private static final String COUNTED =
      """
      with counted as (
        select i.account_id, h.hour, p.item,
               sum(a.amount * s.seconds) as units, sum(a.amount * s.seconds * p.per_second) as amount
        from metered_interval i
             cross join lateral generate_series(
               date_trunc('hour', i.started_at, 'UTC'),
               least(i.ended_at, (select max(hour) from metered_hour)), interval '1 hour') h (hour)
             cross join lateral (values
               ('vcpu', i.milli_cpu * 0.001),
               ('memory', i.memory_mib * 0.0009765625),
               (case when i.tariff like '%-cache-%'
                     then replace(i.tariff, 'creation', 'disk') end, i.storage_gib)) a (item, amount)
             join price p on p.item = a.item
              and p.region = (select q.region from price q
                              where q.item = a.item and i.region like replace(q.region, '*', '%')
                              order by length(q.region) desc limit 1)
             cross join lateral (
               select extract(epoch from upper(t) - lower(t)) as seconds
               from (select tstzrange(i.started_at, i.ended_at)
                            * tstzrange(h.hour, h.hour + interval '1 hour')
                            * tstzrange(p.valid_from, p.valid_to) as t) times
               where not isempty(t)) s
        group by 1, 2, 3),
      charged as (
        select account_id, hour, item, sum(units) as units, sum(amount) as amount
        from charge_line group by 1, 2, 3)
      """;

  private Recount() {}

  /** Where charges and count differ; all hours have to be settled. */
  public static List<String> differences(JdbcTemplate jdbc) {
    return jdbc.query(
        COUNTED
            + """
            select concat_ws(' ', coalesce(n.account_id, c.account_id), coalesce(n.hour, c.hour),
                             coalesce(n.item, c.item), 'counted', n.units, n.amount,
                             'charged', c.units, c.amount)
            from counted n full join charged c using (account_id, hour, item)
            where coalesce(n.units, 0) <> coalesce(c.units, 0)
               or coalesce(n.amount, 0) <> coalesce(c.amount, 0)
            order by 1 limit 20
            """,
        (row, n) -> row.getString(1));
  }

  /** How many accounts, hours and items were counted. */
  public static long counted(JdbcTemplate jdbc) {
    Long count = jdbc.queryForObject(COUNTED + "select count(*) from counted", Long.class);
    return count == null ? 0 : count;
  }
}
