package io.podyard.controlplane.judge;

import java.util.List;

/** Violations of what budgets and agreements promise. */
final class SpendingPlants {

  private static final String BUDGET =
      """
      insert into budget (account_id, name, amount, currency, thresholds, tag_key, changed_at, looked_at)
      values ('{account}', 'all', 100, 'CNY', '{80}', %s, now() - interval '%s', %s)
      """;

  /** 90 CNY that were paid for and not used in the first hour of the month. */
  private static String line(String settledAt, String agreement) {
    return """
        insert into metered_hour (hour, horizon, listed)
        values (date_trunc('month', now(), 'UTC'), pg_current_xact_id(), true);
        insert into account_hour (account_id, hour)
        values ('{account}', date_trunc('month', now(), 'UTC'));
        insert into charge_line (account_id, hour, resource_kind, resource_id, id, revision, bill_month,
                                 kind, agreement_id, list_price, unit_price, currency, units, amount,
                                 settled_at)
        values ('{account}', date_trunc('month', now(), 'UTC'), 'savings-plan', 'sp', gen_random_uuid(),
                0, date_trunc('month', now() at time zone 'UTC')::date, 'unused', %s, 1, 1, 'CNY', 90,
                90, %s)
        """
        .formatted(agreement, settledAt);
  }

  private static final String FREE = "alter table agreement disable trigger begun_agreement_stays";

  private static String agreement(String from) {
    return """
        insert into agreement (account_id, id, kind, document, from_hour, created_by)
        values ('{account}', 'ten', 'discounts', '{"id": "ten", "share": "0.9"}', %s, 'planted')
        """
        .formatted(from);
  }

  private static String change(String gone, String added) {
    return """
        insert into agreement_change
          (changed_at, of_account, account_id, access_key_id, request_id, gone, added)
        values ('2026-03-10T08:30Z', '{account}', '{account}', 'planted', 'planted',
                '{"format": "podyard-agreements/1", "discounts": [%s]}',
                '{"format": "podyard-agreements/1", "discounts": [%s]}')
        """
        .formatted(gone, added);
  }

  private static final String BEGUN =
      "{\"id\": \"ten\", \"share\": \"0.9\", \"from\": \"2026-03-10T08:00:00Z\"}";

  private static Plant changed(String what, String gone, String added) {
    return Plant.of(
        what,
        "SPENDING {account}",
        "agreement ten was changed at 2026-03-10 08:30:00",
        "set local timezone = 'UTC'",
        change(gone, added),
        "alter table agreement_change disable trigger agreement_change_stays",
        // What is agreed on is another matter.
        FREE,
        """
        insert into agreement (account_id, id, kind, document, from_hour, created_by)
        select '{account}', 'ten', 'discounts', e, '2026-03-10T08:00:00Z', 'planted'
        from agreement_change, jsonb_array_elements(added -> 'discounts') e
        """);
  }

  static final List<Plant> ALL =
      List.of(
          Plant.of(
              "a threshold that was passed and is told nobody",
              "SPENDING budget all of {account}",
              "80 % of 100 CNY",
              line("now()", "null"),
              BUDGET.formatted("null", "1 s", "now()")),
          Plant.of(
              "a threshold that nobody looked at",
              "SPENDING budget all of {account}",
              "by 90",
              line("now() - interval '11 minutes'", "null"),
              BUDGET.formatted("null", "12 minutes", "'-infinity'")),
          Plant.of(
              "a threshold of what has a tag",
              "SPENDING budget all of {account}",
              "by 90",
              line("now()", "null"),
              """
              insert into billed_resource (account_id, resource_kind, resource_id, from_hour, tags)
              values ('{account}', 'savings-plan', 'sp', '2020-01-01Z', '{"team": "blue"}')
              """,
              BUDGET.formatted("'team'", "1 s", "now()")),
          changed("an agreement that was taken away after it had begun", BEGUN, ""),
          changed("an agreement that began before it was made", "", BEGUN),
          changed(
              "an agreement that had begun and got other terms",
              BEGUN,
              BEGUN.replace("0.9", "0.8")),
          changed(
              "an agreement that got an end that is over",
              BEGUN,
              BEGUN.replace("}", ", \"to\": \"2026-03-10T08:00:00Z\"}")),
          Plant.of(
              "an agreement that nobody noted",
              "SPENDING {account}",
              "agreement ten is not what was last agreed on",
              agreement("date_trunc('hour', now(), 'UTC') + interval '1 hour'")),
          Plant.of(
              "an agreement that is gone and was not to go",
              "SPENDING {account}",
              "agreement ten is not what was last agreed on",
              change("", BEGUN.replace("08:00:00Z", "09:00:00Z"))),
          Plant.of(
              "a charge by an agreement that was not valid yet",
              "SPENDING {account}",
              "is charged by agreement ten",
              line("now()", "'ten'"),
              agreement("date_trunc('hour', now(), 'UTC') + interval '1 hour'"),
              """
              insert into agreement_change (of_account, account_id, access_key_id, request_id, gone, added)
              values ('{account}', '{account}', 'planted', 'planted', '{"format": ""}',
                      '{"discounts": [{"id": "ten", "share": "0.9"}]}')
              """));

  private SpendingPlants() {}
}
