package io.podyard.controlplane.budget;

import io.podyard.model.AccountId;
import java.math.BigDecimal;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Hours that were settled, without anybody who used anything: commitments were not used. */
public final class Charges {

  private Charges() {}

  /** Of the first hour of the present month. */
  public static void settle(
      JdbcTemplate jdbc, AccountId account, String resource, String amount, String currency) {
    jdbc.update(
        """
        with line as (
          insert into charge_line (account_id, hour, resource_kind, resource_id, id, revision,
                                   bill_month, kind, list_price, unit_price, currency, units, amount)
          values (?, date_trunc('month', now(), 'UTC'), 'savings-plan', ?, ?, 0,
                  date_trunc('month', now() at time zone 'UTC')::date, 'unused', 1, 1, ?, ?, ?)
          returning account_id, hour),
        metered as (
          insert into metered_hour (hour, horizon, listed)
          select hour, pg_current_xact_id(), true from line on conflict do nothing)
        insert into account_hour (account_id, hour, due, settled_at)
        select account_id, hour, false, clock_timestamp() from line
        on conflict (account_id, hour) do update set settled_at = clock_timestamp()
        """,
        account.value(),
        resource,
        UUID.randomUUID(),
        currency,
        new BigDecimal(amount),
        new BigDecimal(amount));
  }
}
