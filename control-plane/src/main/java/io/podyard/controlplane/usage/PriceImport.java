package io.podyard.controlplane.usage;

import io.podyard.billing.PriceBook;
import io.podyard.billing.PriceBookFile;
import io.podyard.billing.PriceChange;
import io.podyard.controlplane.account.Author;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes the prices of a file into the table, all or none, and notes who did it. No price changes
 * before every process knows it, so none charges by a book that lacks it.
 */
@Component
public class PriceImport {

  private static final Logger log = LoggerFactory.getLogger(PriceImport.class);

  /**
   * What an import did, or would do.
   *
   * @param id under which it is noted; null if nothing changed
   */
  public record Done(PriceChange change, @Nullable Long id) {}

  private final PriceStore store;
  private final PriceChangeLog changes;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  PriceImport(
      PriceStore store,
      PriceChangeLog changes,
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions) {
    this.store = store;
    this.changes = changes;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * Imports a file, by the clock of the database. Of several at once one waits for the other.
   *
   * @param text as {@link PriceBookFile#prices} reads it
   * @param dryRun whether only to tell what would change
   * @throws io.podyard.billing.InvalidPriceBookException with everything that is wrong with it;
   *     then nothing changes
   */
  public Done carryOut(String text, boolean dryRun, Author by) {
    Done done =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  store.lock();
                  Instant soon = soon();
                  PriceChange change =
                      PriceBook.of(store.all()).supersede(PriceBookFile.prices(text, soon), soon);
                  if (dryRun || change.isEmpty()) {
                    return new Done(change, null);
                  }
                  store.change(change);
                  return new Done(change, changes.add(by, change.gone(), change.added()));
                }));
    if (done.id() != null) {
      log.info(
          "Account {} changed the price book: {} prices gone, {} added",
          by.account(),
          done.change().gone().size(),
          done.change().added().size());
    }
    return done;
  }

  /** The first second by which every process knows what is in the table now. */
  private Instant soon() {
    return Objects.requireNonNull(
            jdbc.queryForObject(
                """
                select date_trunc('second', clock_timestamp() + make_interval(secs => ?), 'UTC')
                """,
                OffsetDateTime.class,
                SpotPriceTable.AHEAD.toSeconds()))
        .toInstant();
  }
}
