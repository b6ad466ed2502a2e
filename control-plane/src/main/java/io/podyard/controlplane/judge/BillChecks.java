package io.podyard.controlplane.judge;

import java.util.List;

/** That bills are what their lines add up to, and closed ones stay so. */
final class BillChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.BILLS,
              """
              select format('%s of %s', to_char(month, 'YYYY-MM'), account_id),
                     format('is closed with %s lines of %s %s, and its lines are %s of %s',
                            coalesce(b.lines, 0), coalesce(b.exact, 0), currency,
                            coalesce(l.lines, 0), coalesce(l.exact, 0))
              from closed_bill b full join (
                     select account_id, bill_month as month, currency, count(*) as lines,
                            sum(amount) as exact
                     from charge_line c cross join open_bills o left join held_bills h using (account_id)
                     where bill_month < least(o.first_month, h.first_month)
                     group by 1, 2, 3) l using (account_id, month, currency)
              where (b.lines, b.exact) is distinct from (l.lines, l.exact)
              """),
          new DatabaseCheck(
              Rule.BILLS,
              """
              select format('%s of %s', to_char(month, 'YYYY-MM'), account_id),
                     format('comes to %s %s, but rounds %s by %s', total, currency, exact, rounded)
              from closed_bill cross join lateral (
                     select coalesce(sum((r ->> 'amount')::numeric), 0) as rounded
                     from jsonb_array_elements(roundings) r) r
              where total <> exact + rounded
              """),
          new DatabaseCheck(
              Rule.BILLS,
              """
              select format('%s of %s', to_char(month, 'YYYY-MM'), account_id),
                     format('is closed, and bills are open from %s on',
                            to_char(least(o.first_month, h.first_month), 'YYYY-MM'))
              from closed_bill cross join open_bills o left join held_bills h using (account_id)
              where month >= least(o.first_month, h.first_month)
              """),
          new DatabaseCheck(
              Rule.BILLS,
              """
              select account_id, format('is held up in %s, and bills are open from %s on',
                                        to_char(h.first_month, 'YYYY-MM'),
                                        to_char(o.first_month, 'YYYY-MM'))
              from held_bills h cross join open_bills o where h.first_month >= o.first_month
              """),
          new DatabaseCheck(
              Rule.BILLS,
              """
              select format('%s of %s', to_char(bill_month, 'YYYY-MM'), account_id),
                     format('has a line of %s, which is later', hour)
              from charge_line where bill_month < date_trunc('month', hour at time zone 'UTC')
              """));

  private BillChecks() {}
}
