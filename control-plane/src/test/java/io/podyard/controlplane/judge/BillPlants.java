package io.podyard.controlplane.judge;

import java.util.Arrays;
import java.util.List;

/** Violations of what bills must be. */
final class BillPlants {

  /** Two lines of March, and a bill of them. */
  private static final String[] CLOSED = {
    "update open_bills set first_month = '2026-04-01'",
    line("2026-03-10T08:00Z", "2026-03-01", 0),
    line("2026-03-10T08:00Z", "2026-03-01", 1),
    """
    insert into closed_bill (account_id, month, currency, lines, exact, total, roundings)
    values ('{account}', '2026-03-01', 'CNY', 2, 0.7056, 0.71, '[{"amount": "0.0044"}]')
    """
  };

  static final List<Plant> ALL =
      List.of(
          planted(
              "a line that was added to a closed bill",
              "its lines are 3 of 1.0584",
              line("2026-03-10T09:00Z", "2026-03-01", 0)),
          planted(
              "a closed bill that lost its lines",
              "its lines are 0 of 0",
              "delete from charge_line"),
          planted(
              "a bill that nobody made of the lines of a closed month",
              "closed with 0 lines of 0",
              "delete from closed_bill"),
          planted(
              "a closed bill with another sum",
              "closed with 2 lines of 0.8 CNY",
              "update closed_bill set exact = 0.8, roundings = '[{\"amount\": \"-0.09\"}]'"),
          planted(
              "a total that is not what the roundings make of it",
              "rounds 0.7056 by 0.0034",
              "update closed_bill set roundings = '[{\"amount\": \"0.0044\"}, {\"amount\": \"-0.001\"}]'"),
          planted(
              "a closed bill of an account whose bill is held up",
              "open from 2026-03 on",
              "insert into held_bills (account_id, first_month) values ('{account}', '2026-03-01')"),
          Plant.of(
              "bills that are held up where nobody's are closed",
              "BILLS {account}",
              "is held up in 2026-03, and bills are open from 2026-03 on",
              "update open_bills set first_month = '2026-03-01'",
              "insert into held_bills (account_id, first_month) values ('{account}', '2026-03-01')"),
          planted(
              "a closed bill of a month that is open",
              "open from 2026-03 on",
              "update open_bills set first_month = '2026-03-01'"),
          Plant.of(
              "a line on a bill of the past",
              "BILLS 2026-05 of {account}",
              "has a line of",
              line("2026-06-01T00:00Z", "2026-05-01", 0)));

  private BillPlants() {}

  private static Plant planted(String what, String words, String sql) {
    String[] all = Arrays.copyOf(CLOSED, CLOSED.length + 1);
    all[CLOSED.length] = sql;
    return Plant.of(what, "BILLS 2026-03 of {account}", words, all);
  }

  private static String line(String hour, String month, int revision) {
    return """
        insert into metered_hour (hour, horizon, listed)
        values ('%1$s', pg_current_xact_id(), true) on conflict do nothing;
        insert into account_hour (account_id, hour) values ('{account}', '%1$s')
        on conflict do nothing;
        insert into charge_line (account_id, hour, resource_kind, resource_id, id, revision,
          bill_month, region, zone, item, kind, list_price, unit_price, currency, units, amount)
        values ('{account}', '%1$s', 'container-group', 'eci-billed', gen_random_uuid(), %2$d, '%3$s',
                'cn-hangzhou', 'cn-hangzhou-b', 'vcpu', 'usage', 0.000049, 0.000049, 'CNY', 7200,
                0.3528)
        """
        .formatted(hour, revision, month);
  }
}
