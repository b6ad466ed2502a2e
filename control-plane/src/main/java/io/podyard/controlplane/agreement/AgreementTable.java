package io.podyard.controlplane.agreement;

import io.podyard.billing.Agreement;
import io.podyard.billing.AgreementChange;
import io.podyard.billing.Agreements;
import io.podyard.billing.AgreementsFile;
import io.podyard.billing.Hour;
import io.podyard.controlplane.account.Author;
import io.podyard.model.AccountId;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Agreements in the database, which itself keeps those that have begun as they are. */
@Component
class AgreementTable {

  private final JdbcTemplate jdbc;

  AgreementTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  Agreements of(AccountId account) {
    return Agreements.of(
        jdbc.query(
            "select kind, document from agreement where account_id = ? order by id",
            (row, n) -> AgreementsFile.read(row.getString(1), row.getString(2)),
            account.value()));
  }

  /** Accounts with agreements that are valid in an hour, in order. */
  List<AccountId> validIn(Hour hour) {
    OffsetDateTime start = hour.start().atOffset(ZoneOffset.UTC);
    return jdbc.query(
        """
        select distinct account_id from agreement
        where from_hour <= ? and (to_hour is null or to_hour > ?) order by account_id
        """,
        (row, n) -> new AccountId(row.getString(1)),
        start,
        start);
  }

  /** Waits until nobody else changes those of an account, to the end of the transaction. */
  void lock(AccountId account) {
    jdbc.query(
        "select pg_advisory_xact_lock(hashtextextended('agreements ' || ?, 0))",
        row -> {},
        account.value());
  }

  /** The first hour that has not begun. */
  Hour nextHour() {
    return new Hour(
        Objects.requireNonNull(
                jdbc.queryForObject(
                    "select date_trunc('hour', clock_timestamp(), 'UTC') + interval '1 hour'",
                    OffsetDateTime.class))
            .toInstant());
  }

  /** Makes them what a change says and notes it; in a transaction that has the lock. */
  void change(AccountId account, AgreementChange change, Author by) {
    List<Agreement> fresh = new ArrayList<>(change.added());
    for (Agreement old : change.gone()) {
      Optional<Agreement> next =
          fresh.stream().filter(other -> other.id().equals(old.id())).findFirst();
      if (next.isEmpty()) {
        jdbc.update(
            "delete from agreement where account_id = ? and id = ?",
            account.value(),
            old.id().value());
      } else {
        jdbc.update(
            """
            update agreement set kind = ?, document = ?::jsonb, from_hour = ?, to_hour = ?
            where account_id = ? and id = ?
            """,
            AgreementsFile.kind(next.get()),
            AgreementsFile.entry(next.get()),
            time(next.get().from()),
            time(next.get().to()),
            account.value(),
            old.id().value());
        fresh.remove(next.get());
      }
    }
    for (Agreement agreement : fresh) {
      jdbc.update(
          """
          insert into agreement (account_id, id, kind, document, from_hour, to_hour, created_by)
          values (?, ?, ?, ?::jsonb, ?, ?, ?)
          """,
          account.value(),
          agreement.id().value(),
          AgreementsFile.kind(agreement),
          AgreementsFile.entry(agreement),
          time(agreement.from()),
          time(agreement.to()),
          by.key().value());
    }
    jdbc.update(
        """
        insert into agreement_change
          (of_account, account_id, access_key_id, request_id, gone, added)
        values (?, ?, ?, ?, ?::jsonb, ?::jsonb)
        """,
        account.value(),
        by.account().value(),
        by.key().value(),
        by.requestId(),
        AgreementsFile.write(Agreements.of(change.gone())),
        AgreementsFile.write(Agreements.of(change.added())));
  }

  private static @Nullable OffsetDateTime time(@Nullable Hour hour) {
    return hour == null ? null : hour.start().atOffset(ZoneOffset.UTC);
  }
}
