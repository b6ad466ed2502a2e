package io.podyard.controlplane.bill;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.podyard.billing.BillMonth;
import io.podyard.billing.Hour;
import io.podyard.controlplane.accountevent.AccountEvents;
import io.podyard.controlplane.accountevent.AccountHappening;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
 * Closes the bills of a month, all in one transaction, once its time is over; but for those of
 * accounts that have an hour in it which is not settled: each of them is closed once it is. Whoever
 * settles shares the locks of the rows that say which bills are open, so a line is either on a bill
 * before it is closed or on the next one. Every process tries; one does it.
 */
@Component
class BillClosing implements SmartLifecycle {

  static final String POINT = "closeBills";

  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** All lines of a month are read meanwhile, and nothing is settled. */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  /** One by one, in the log. */
  private static final int MOST_TOLD = 20;

  private static final Logger log = LoggerFactory.getLogger(BillClosing.class);

  private final BillTables tables;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final HeldBills held;
  private final Clock clock;
  private final CommitPoints points;
  private final Rounds rounds = new Rounds(log, Loop.BILLS, "bills", 1);
  private String told = "";
  private volatile long heldUp;

  BillClosing(
      BillTables tables,
      JdbcTemplate jdbc,
      DataSource dataSource,
      HeldBills held,
      Clock clock,
      CommitPoints points,
      MeterRegistry metrics) {
    this.tables = tables;
    this.held = held;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    this.clock = clock;
    this.points = points;
    Gauge.builder("podyard.bills.held", this, closing -> closing.heldUp)
        .description("Accounts whose bills are open after their time, for hours are not settled")
        .register(metrics);
  }

  /** Closes all that can be. */
  void round() {
    boolean closed = true;
    while (closed && isOver(tables.firstOpen())) {
      closed = reached(this::closeNext);
    }
    for (HeldBills.Held one : held.all()) {
      boolean more = true;
      while (more && held.unsettled(one.account(), firstOpen(one)).isEmpty()) {
        more = reached(() -> closeHeld(one.account()));
      }
    }
    heldUp = held.count();
  }

  private BillMonth firstOpen(HeldBills.Held one) {
    return tables.firstOpen(one.account());
  }

  private boolean reached(BooleanSupplier closing) {
    points.reached(POINT, CommitPoints.Side.BEFORE);
    boolean closed = Objects.requireNonNull(transaction.execute(status -> closing.getAsBoolean()));
    points.reached(POINT, CommitPoints.Side.AFTER);
    return closed;
  }

  private boolean isOver(BillMonth month) {
    return !clock.instant().isBefore(month.period().end().plus(tables.closesAfter()));
  }

  /** Whether it closed the bills of a month, or passed months without any. */
  private boolean closeNext() {
    Optional<Hour> first = tables.firstHour();
    if (first.isEmpty()) {
      return false;
    }
    // Looked at before anybody is kept waiting, and again when nobody can change it any more.
    BillMonth month = tables.firstOpen();
    if (!isListed(month, first.get())) {
      return false;
    }
    mayTakeLong();
    month = tables.lockFirstOpen();
    BillMonth firstUsed = BillMonth.containing(first.get().start());
    if (month.compareTo(firstUsed) < 0) {
      tables.moveTo(firstUsed);
      return true;
    }
    if (!isOver(month) || !isListed(month, first.get())) {
      return false;
    }
    List<HeldBills.Held> late = held.hold(month);
    tell(late);
    List<BillTables.Sum> sums = tables.sums(month);
    tables.close(month, sums);
    tables.moveTo(new BillMonth(month.value().plusMonths(1)));
    points.reached(POINT + "Written", CommitPoints.Side.BEFORE);
    log.info(
        "Closed the bills of {}: {}; those of {} accounts are held up",
        month,
        sums.size(),
        held.count());
    return true;
  }

  private boolean isListed(BillMonth month, Hour first) {
    Optional<Hour> unlisted = held.unlisted(month, first);
    unlisted.ifPresent(
        hour -> {
          String text =
              "The bills of %s are not closed yet: what was used in %s is not known yet"
                  .formatted(month, hour);
          if (!text.equals(told)) {
            told = text;
            log.warn(text);
          }
        });
    return unlisted.isEmpty();
  }

  private void tell(List<HeldBills.Held> late) {
    List<AccountHappening> happenings = new ArrayList<>();
    for (HeldBills.Held one : late) {
      String why =
          held.unsettled(one.account(), one.month())
              .map(HeldBills.Unsettled::sentence)
              .orElse("it is about to be");
      happenings.add(
          new AccountHappening(
              one.account(),
              AccountHappening.Reason.BILL_HELD_UP,
              one.month().toString(),
              "The bill of %s is not closed yet: %s.".formatted(one.month(), why)));
      if (happenings.size() <= MOST_TOLD) {
        log.warn(
            "The bill of account {} for {} is not closed yet: {}", one.account(), one.month(), why);
      }
    }
    AccountEvents.add(jdbc, happenings);
  }

  /** Whether it closed a bill that was held up, the first one of the account. */
  private boolean closeHeld(AccountId account) {
    mayTakeLong();
    BillMonth others = tables.shareFirstOpen();
    Optional<HeldBills.Held> locked = held.lock(account);
    if (locked.isEmpty() || held.unsettled(account, locked.get().month()).isPresent()) {
      return false;
    }
    BillMonth month = locked.get().month();
    tables.close(month, tables.sums(account, month, month));
    held.moveTo(account, new BillMonth(month.value().plusMonths(1)), others);
    points.reached(POINT + "Written", CommitPoints.Side.BEFORE);
    log.info("Closed the bill of account {} for {}, which was held up", account, month);
    return true;
  }

  private void mayTakeLong() {
    jdbc.execute(
        (ConnectionCallback<Boolean>)
            connection -> {
              connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST.toMillis()));
              return true;
            });
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
