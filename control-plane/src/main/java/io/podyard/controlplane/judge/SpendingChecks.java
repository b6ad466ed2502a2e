package io.podyard.controlplane.judge;

import java.util.List;

/** That whoever spends what was not wanted is told, and pays what was agreed on. */
final class SpendingChecks {

  /**
   * Agreements that went and came with each change, those that stayed but for their end in both;
   * {@code terms} is without the end.
   */
  private static final String ENTRIES =
      """
      with entry as (
        select c.id as change, c.of_account, c.changed_at, s.gone, e ->> 'id' as id, e as document,
               e - 'to' as terms, (e ->> 'from')::timestamptz as from_hour,
               (e ->> 'to')::timestamptz as to_hour
        from agreement_change c
             cross join lateral (values (true, c.gone), (false, c.added)) s (gone, file)
             cross join lateral jsonb_each(s.file) k (kind, list)
             cross join lateral jsonb_array_elements(
               case when jsonb_typeof(k.list) = 'array' then k.list else '[]' end) e)
      """;

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.SPENDING,
              """
              select format('budget %s of %s', b.name, b.account_id),
                     format('has told nobody that %s %% of %s %s were passed in %s by %s', t.threshold,
                            b.amount, b.currency, to_char(s.month, 'YYYY-MM'), trim_scale(s.spent))
              from budget b
                   cross join lateral (
                     select case when b.changed_at < now() - interval '10 minutes'
                                 then greatest(b.looked_at, now() - interval '10 minutes')
                                 else b.looked_at end as until) u
                   cross join lateral (
                     select date_trunc('month', l.hour at time zone 'UTC')::date as month,
                            sum(l.amount) as spent
                     from charge_line l
                     where l.account_id = b.account_id and l.currency = b.currency
                       and l.settled_at <= u.until
                       and l.hour >= date_trunc('month', greatest(b.changed_at,
                             date_trunc('month', now() at time zone 'UTC' - interval '1 month')
                               at time zone 'UTC'), 'UTC')
                       and (b.tag_key is null or exists (
                              select 1 from billed_resource r
                              where r.account_id = l.account_id and r.resource_id = l.resource_id
                                and r.resource_kind = l.resource_kind and l.hour >= r.from_hour
                                and l.hour < r.to_hour and jsonb_exists(r.tags, b.tag_key)
                                and coalesce(r.tags ->> b.tag_key = b.tag_value, true)))
                     group by 1) s
                   cross join lateral unnest(b.thresholds) t (threshold)
              where s.spent * 100 >= b.amount * t.threshold
                and not exists (select 1 from budget_alert a
                                where a.account_id = b.account_id and a.budget = b.name
                                  and a.month = s.month and a.threshold = t.threshold)
              """),
          new DatabaseCheck(
              Rule.SPENDING,
              ENTRIES
                  + """
                  select coalesce(g.of_account, a.of_account),
                         format('agreement %s was changed at %s for hours that had begun',
                                coalesce(g.id, a.id), coalesce(g.changed_at, a.changed_at))
                  from (select * from entry where gone) g
                       full join (select * from entry where not gone) a using (change, id)
                  where case when g.id is null or g.from_hour > g.changed_at
                             then a.from_hour <= a.changed_at
                             else a.id is null or a.terms <> g.terms or g.to_hour <= g.changed_at
                                  or a.to_hour <= a.changed_at end
                  """),
          new DatabaseCheck(
              Rule.SPENDING,
              ENTRIES
                  + """
                  , last as (
                    select distinct on (of_account, id) of_account, id,
                           case when not gone then document end as document
                    from entry order by of_account, id, change desc, gone)
                  select coalesce(a.account_id, l.of_account),
                         format('agreement %s is not what was last agreed on', coalesce(a.id, l.id))
                  from agreement a full join last l on l.of_account = a.account_id and l.id = a.id
                  where a.document is distinct from l.document
                  """),
          new DatabaseCheck(
              Rule.SPENDING,
              """
              select distinct l.account_id, format('is charged by agreement %s for the hour of %s', a.id, l.hour)
              from agreement a
                   join charge_line l on l.account_id = a.account_id and l.agreement_id = a.id
              where l.hour < a.from_hour or l.hour >= a.to_hour
              """));

  private SpendingChecks() {}
}
