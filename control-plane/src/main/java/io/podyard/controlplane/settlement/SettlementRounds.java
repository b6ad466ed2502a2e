package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.BillMonth;
import io.podyard.billing.InvalidPriceBookException;
import io.podyard.billing.MissingPriceException;
import io.podyard.billing.PriceBook;
import io.podyard.controlplane.accountevent.AccountEvents;
import io.podyard.controlplane.accountevent.AccountHappening;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.mishap.Rounds;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/**
 * Has every hour of every account settled. Any number of processes do it on one database; what one
 * of them is at the others leave alone, and what it leaves undone they do.
 */
public final class SettlementRounds implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Of an hour that could not be settled; whoever mends what is wrong need not wait for long. */
  private static final Duration BEFORE_RETRY = Duration.ofMinutes(1);

  private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(10);

  /** Prices of hours that are over change by mending alone. */
  private static final Duration BOOK_TRUSTED = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(SettlementRounds.class);

  private record Known(PriceBook book, long readAt) {}

  private final SessionSource sessions;
  private final JdbcTemplate jdbc;
  private final ListedHours hours;
  private final Settling settling;
  private final Supplier<PriceBook> prices;
  private final Duration beforeRetry;
  private final Rounds rounds = new Rounds(log, Loop.SETTLE, "settlement", 3);
  private final Set<Session> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong lines = new AtomicLong();
  private volatile boolean stopping;
  private volatile Backlog backlog = Backlog.NONE;
  private @Nullable Known known;
  private @Nullable String unusable;

  SettlementRounds(
      SessionSource sessions,
      JdbcTemplate jdbc,
      ListedHours hours,
      Settling settling,
      Supplier<PriceBook> prices) {
    this(sessions, jdbc, hours, settling, prices, BEFORE_RETRY);
  }

  /**
   * @param jdbc of the pool, to see whether there is anything to do
   * @param prices those of the database right now
   * @param beforeRetry of an hour that could not be settled
   */
  SettlementRounds(
      SessionSource sessions,
      JdbcTemplate jdbc,
      ListedHours hours,
      Settling settling,
      Supplier<PriceBook> prices,
      Duration beforeRetry) {
    this.sessions = sessions;
    this.jdbc = jdbc;
    this.hours = hours;
    this.settling = settling;
    this.prices = prices;
    this.beforeRetry = beforeRetry;
  }

  /** Lists what has to be settled. */
  void list() {
    if (hours.isDue(jdbc)) {
      inSession(hours::round);
    }
  }

  /** Settles what is due, the oldest first, until nothing is that is not somebody else's. */
  void settle() {
    if (AccountHours.anyDue(jdbc)) {
      inSession(
          session -> {
            OffsetDateTime began = AccountHours.now(session.jdbc());
            Set<String> without = new HashSet<>();
            Optional<AccountHour> next = AccountHours.next(session.jdbc(), began, without);
            while (next.isPresent()) {
              PriceBook book = book();
              if (book == null) {
                return;
              }
              boolean done = settle(session, next.get(), began, book);
              AccountHours.release(session.jdbc(), next.get());
              if (!done) {
                without.add(next.get().account().value());
              }
              next = AccountHours.next(session.jdbc(), began, without);
            }
          });
    }
  }

  /** Answers whether the account may go on with its next hour. */
  private boolean settle(Session session, AccountHour of, OffsetDateTime asOf, PriceBook book) {
    try {
      lines.addAndGet(settling.settle(session, of, asOf, book));
      return true;
    } catch (TransientDataAccessException e) {
      log.debug("{} is settled later: {}", of, e.getMessage());
      return false;
    } catch (DataAccessException | TransactionException e) {
      if (session.isOver()) {
        throw e;
      }
      fail(session, of, e);
      return true;
    } catch (RuntimeException e) {
      fail(session, of, e);
      return true;
    }
  }

  private void fail(Session session, AccountHour of, RuntimeException failure) {
    String problem = String.valueOf(failure.getMessage());
    if (Boolean.TRUE.equals(session.transaction(() -> noted(session.jdbc(), of, failure)))) {
      String what =
          "Hour %s of account %s is not settled: %s".formatted(of.hour(), of.account(), problem);
      Mishaps.tell(log, Loop.SETTLE, what, failure);
    }
  }

  /** Whether it is news; then the account is told what it can do something about. */
  private boolean noted(JdbcTemplate session, AccountHour of, RuntimeException failure) {
    String problem = String.valueOf(failure.getMessage());
    if (!(failure instanceof MissingPriceException missing)) {
      return AccountHours.failed(session, of, problem, null, beforeRetry);
    }
    String unpriced = "item %s in region %s".formatted(missing.item().code(), missing.region());
    boolean news = AccountHours.failed(session, of, problem, unpriced, beforeRetry);
    if (news) {
      BillMonth month = BillMonth.containing(of.hour().start());
      AccountEvents.add(
          session,
          List.of(
              new AccountHappening(
                  of.account(),
                  AccountHappening.Reason.HOUR_NOT_PRICED,
                  "%s %s %s".formatted(missing.item().code(), missing.region(), month),
                  ("There is no price for %s at %s. The hour is charged once there is one, and"
                          + " the bill of %s stays open until then.")
                      .formatted(unpriced, missing.at(), month))));
    }
    return news;
  }

  /** Null while there are none that can be used, which is told once. */
  private @Nullable PriceBook book() {
    Known current = known;
    if (current == null || System.nanoTime() - current.readAt() > BOOK_TRUSTED.toNanos()) {
      long now = System.nanoTime();
      try {
        current = new Known(prices.get(), now);
      } catch (InvalidPriceBookException | IllegalArgumentException e) {
        current = null;
        String why = String.valueOf(e.getMessage());
        if (!why.equals(unusable)) {
          Mishaps.tell(log, Loop.SETTLE, "Nothing is settled with these prices: " + why, e);
        }
        unusable = why;
      }
      known = current;
    }
    if (current == null) {
      return null;
    }
    unusable = null;
    return current.book();
  }

  private void inSession(Consumer<Session> work) {
    try (Session session = sessions.open()) {
      open.add(session);
      try {
        if (!stopping) {
          work.accept(session);
        }
      } finally {
        open.remove(session);
      }
    }
  }

  void count() {
    backlog = Backlog.of(jdbc);
  }

  /** What is left to do, as it was some seconds ago. */
  public Backlog backlog() {
    return backlog;
  }

  /** Lines that this process added. */
  public long lines() {
    return lines.get();
  }

  @Override
  public void start() {
    stopping = false;
    rounds.every(PAUSE, "listing hours", this::list);
    rounds.every(PAUSE, "settling", this::settle);
    rounds.every(BETWEEN_COUNTS, "counting what is to be settled", this::count);
  }

  /** What is under way comes to nothing, and is done by whoever comes next. */
  @Override
  public void stop() {
    stopping = true;
    open.forEach(Session::abort);
    rounds.stop();
  }

  @Override
  public boolean isRunning() {
    return rounds.areRunning();
  }
}
