package io.podyard.controlplane.accountevent;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Events of accounts. They stay for good: there are few of them. */
@Component
public class AccountEvents {

  private final JdbcTemplate jdbc;

  AccountEvents(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds events inside the caller's transaction, which is that of what they tell of.
   *
   * @param jdbc of that transaction
   */
  public static void add(JdbcTemplate jdbc, List<AccountHappening> happenings) {
    if (happenings.isEmpty()) {
      return;
    }
    List<AccountHappening> ordered =
        happenings.stream()
            .sorted(
                Comparator.comparing((AccountHappening one) -> one.account().value())
                    .thenComparing(AccountHappening::reason)
                    .thenComparing(AccountHappening::subject))
            .toList();
    jdbc.update(
        """
        insert into account_event (account_id, reason, subject, type, message)
        select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
        on conflict (account_id, reason, subject) do update
        set count = account_event.count + 1, last_at = now(), message = excluded.message
        """,
        Columns.of(ordered)
            .text(one -> one.account().value())
            .text(one -> one.reason().wireName())
            .text(AccountHappening::subject)
            .text(one -> one.reason().type())
            .text(AccountHappening::message));
  }

  /**
   * Events of an account, the last one that was new first.
   *
   * @param before the last one of the page before, null for the first page
   */
  public List<AccountEvent> page(AccountId account, @Nullable Long before, int limit) {
    return jdbc.query(
        """
        select id, type, reason, subject, message, count, first_at, last_at
        from account_event
        where account_id = ? and (?::bigint is null or id < ?) order by id desc limit ?
        """,
        (row, n) ->
            new AccountEvent(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                Objects.requireNonNull(row.getObject(7, OffsetDateTime.class)).toInstant(),
                Objects.requireNonNull(row.getObject(8, OffsetDateTime.class)).toInstant()),
        account.value(),
        before,
        before,
        limit);
  }
}
