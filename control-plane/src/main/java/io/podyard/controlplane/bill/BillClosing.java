package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Hour;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.CommitPoints;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Closes the bills of a month, all in one transaction, once its time is over and every hour of it
 * is settled. Whoever settles shares the lock of the one row that says which bills are open, so a
 * line is either on a bill before it is closed or on the next one. Every process tries; one does
 * it.
 */
@Component
class BillClosing implements SmartLifecycle {

  static final String POINT = "closeBills";

  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** All lines of a month are read meanwhile, and nothing is settled. */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private static final Logger log = LoggerFactory.getLogger(BillClosing.class);

  private final BillTables tables;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final Duration closesAfter;
  private final Clock clock;
  private final CommitPoints points;
  private final Rounds rounds = new Rounds(log, Loop.BILLS, "bills", 1);
  private String told = "";

  BillClosing(
      BillTables tables,
      JdbcTemplate jdbc,
      DataSource dataSource,
      PodyardSettings settings,
      Clock clock,
      CommitPoints points) {
    this.tables = tables;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    this.closesAfter = settings.bill().closesAfter();
    this.clock = clock;
    this.points = points;
  }

  /** Closes all months that can be. */
  void round() {
    while (isOver(tables.firstOpen())) {
      points.reached(POINT, CommitPoints.Side.BEFORE);
      boolean closed = Objects.requireNonNull(transaction.execute(status -> closeNext()));
      points.reached(POINT, CommitPoints.Side.AFTER);
      if (!closed) {
        return;
      }
    }
  }

  private boolean isOver(BillMonth month) {
    return !clock.instant().isBefore(month.period().end().plus(closesAfter));
  }

  /** Whether it closed the bills of a month, or passed months without any. */
  private boolean closeNext() {
    Optional<Hour> first = tables.firstHour();
    if (first.isEmpty()) {
      return false;
    }
    // Looked at before anybody is kept waiting, and again when nobody can change it any more.
    BillMonth month = tables.firstOpen();
    if (!isSettled(month, first.get())) {
      return false;
    }
    jdbc.execute(
        (ConnectionCallback<Boolean>)
            connection -> {
              connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST.toMillis()));
              return true;
            });
    month = tables.lockFirstOpen();
    BillMonth firstUsed = BillMonth.containing(first.get().start());
    if (month.compareTo(firstUsed) < 0) {
      tables.skipTo(firstUsed);
      return true;
    }
    if (!isOver(month) || !isSettled(month, first.get())) {
      return false;
    }
    List<BillTables.Sum> sums = tables.sums(month);
    tables.close(month, sums);
    points.reached(POINT + "Written", CommitPoints.Side.BEFORE);
    log.info("Closed the bills of {}: {}", month, sums.size());
    return true;
  }

  private boolean isSettled(BillMonth month, Hour first) {
    Optional<String> unsettled = tables.unsettled(month, first);
    unsettled.ifPresent(
        what -> {
          String text = "The bills of %s are not closed yet, for %s".formatted(month, what);
          if (!text.equals(told)) {
            told = text;
            log.warn(text);
          }
        });
    return unsettled.isEmpty();
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "closing bills", this::round);
  }

  @Override
  public void stop() {
    rounds.stop();
  }

  @Override
  public boolean isRunning() {
    return rounds.areRunning();
  }
}
