package io.podyard.controlplane.agreement;

import io.podyard.billing.AgreementChange;
import io.podyard.billing.Agreements;
import io.podyard.billing.Hour;
import io.podyard.controlplane.account.Author;
import io.podyard.controlplane.settlement.AgreementsOf;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The agreements of accounts, as the database has them right now. Those of hours that have begun
 * never change, so it makes no difference when such an hour is charged.
 */
@Component
public class AgreementsOfAccounts implements AgreementsOf {

  private static final Logger log = LoggerFactory.getLogger(AgreementsOfAccounts.class);

  /**
   * A change that was made.
   *
   * @param gone agreements that were there and not as they were, as a file
   * @param added agreements that were not there as they are, as a file
   */
  public record Entry(long id, Instant at, Author by, String gone, String added) {}

  private final AgreementTable table;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  AgreementsOfAccounts(AgreementTable table, JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.table = table;
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /** All that were ever agreed on with an account, over or to come. */
  @Override
  public Agreements of(AccountId account) {
    return table.of(account);
  }

  @Override
  public List<AccountId> validIn(Hour hour) {
    return table.validIn(hour);
  }

  /**
   * Puts agreements in the place of those an account has.
   *
   * @param next all there are to be; those that have begun among them
   * @param dryRun whether only to tell what would change
   * @throws io.podyard.billing.InvalidAgreementsException naming everything that would change an
   *     hour that has begun; then nothing changes
   */
  public AgreementChange put(AccountId account, Agreements next, boolean dryRun, Author by) {
    AgreementChange done =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  table.lock(account);
                  AgreementChange change = table.of(account).supersede(next, table.nextHour());
                  if (!dryRun && !change.isEmpty()) {
                    table.change(account, change, by);
                  }
                  return change;
                }));
    if (!dryRun && !done.isEmpty()) {
      log.info("Account {} changed the agreements of account {}", by.account(), account);
    }
    return done;
  }

  /**
   * What was changed of an account's, the last one first.
   *
   * @param before the last one of the page before, null for the first page
   */
  public List<Entry> changes(AccountId account, @Nullable Long before, int limit) {
    return jdbc.query(
        """
        select id, changed_at, account_id, access_key_id, request_id, gone, added
        from agreement_change
        where of_account = ? and (?::bigint is null or id < ?) order by id desc limit ?
        """,
        (row, n) ->
            new Entry(
                row.getLong(1),
                Objects.requireNonNull(row.getObject(2, OffsetDateTime.class)).toInstant(),
                new Author(
                    new AccountId(row.getString(3)),
                    new AccessKeyId(row.getString(4)),
                    row.getString(5)),
                row.getString(6),
                row.getString(7)),
        account.value(),
        before,
        before,
        limit);
  }
}
