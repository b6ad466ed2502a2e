package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.BillMonth;
import io.podyard.billing.MissingPriceException;
import io.podyard.billing.PriceBook;
import io.podyard.billing.SettledLine;
import io.podyard.billing.Settlement;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Settles an hour of an account in one transaction: whoever dies in it has done nothing, whoever
 * does it again adds nothing. What was used, what was charged before and what is open are read from
 * one snapshot, a few rows at a time.
 */
final class Settling {

  /** The name of its commit, for tests that kill the process. */
  static final String POINT = "settle";

  private final AgreementsOf agreements;
  private final CommitPoints points;

  Settling(AgreementsOf agreements, CommitPoints points) {
    this.agreements = agreements;
    this.points = points;
  }

  /**
   * Settles.
   *
   * @param asOf if it could not be settled since then it is left alone
   * @return how many lines were added, 0 also if somebody else settled it meanwhile
   * @throws MissingPriceException if something of it has no price; nothing was kept
   */
  long settle(Session session, AccountHour of, OffsetDateTime asOf, PriceBook book) {
    Long added = session.snapshot(() -> settled(session.jdbc(), of, asOf, book));
    if (added == null) {
      return 0;
    }
    points.reached(POINT, Side.AFTER);
    return added;
  }

  private @Nullable Long settled(
      JdbcTemplate jdbc, AccountHour of, OffsetDateTime asOf, PriceBook book) {
    Optional<AccountHours.Claim> claim = AccountHours.claim(jdbc, of, asOf);
    if (claim.isEmpty()) {
      return null;
    }
    if (claim.get().forgotten()) {
      AccountHours.leave(jdbc, of, "what was metered is forgotten");
      return 0L;
    }
    BillMonth month = BillMonth.of(of.hour(), AccountHours.firstOpenBill(jdbc, of.account()));
    LineCopy lines = new LineCopy(jdbc, month);
    try (HourUsage usage = new HourUsage(jdbc, of);
        Stream<SettledLine> stored = StoredLines.of(jdbc, of)) {
      new Settlement(book).settle(of, agreements.of(of.account()), usage, stored::iterator, lines);
    }
    long added = lines.finish();
    if (added > 0) {
      BilledResources.note(jdbc, of, lines.kinds(), claim.get().newest());
    }
    AccountHours.settled(jdbc, of, added);
    points.reached(POINT, Side.BEFORE);
    return added;
  }
}
