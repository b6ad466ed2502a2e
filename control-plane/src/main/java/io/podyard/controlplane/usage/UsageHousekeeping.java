package io.podyard.controlplane.usage;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.CommitPoints;
import jakarta.annotation.PostConstruct;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the table of intervals small: moves what is over to its month, and forgets months. Every
 * process may do it, and none waits for another.
 */
@Component
class UsageHousekeeping {

  /**
   * Transactions of one run, so that other housekeeping gets its turn: several thousand intervals a
   * second, more than are made at full rate.
   */
  private static final int MOST_TRANSACTIONS = 100;

  private static final Logger log = LoggerFactory.getLogger(UsageHousekeeping.class);

  private final ClosedIntervals closed;
  private final Clock clock;

  UsageHousekeeping(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      PodyardSettings settings,
      CommitPoints points,
      Clock clock) {
    this.closed = new ClosedIntervals(jdbc, transaction, points, settings.usageMonths());
    this.clock = clock;
  }

  /** Before anything is moved: what is moved while its month is made is refused. */
  @PostConstruct
  void makeMonths() {
    closed.ensure(present());
  }

  @Scheduled(fixedDelay = 15, initialDelay = 3, timeUnit = TimeUnit.SECONDS)
  void run() {
    try {
      makeMonths();
      int _ = closed.move(clock.instant(), MOST_TRANSACTIONS);
      closed.forget(present());
    } catch (DataAccessException | TransactionException e) {
      log.warn("what groups used is put away later: {}", e.getMessage());
    }
  }

  private YearMonth present() {
    return YearMonth.now(clock.withZone(ZoneOffset.UTC));
  }
}
