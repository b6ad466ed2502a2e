package io.podyard.controlplane.mishap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.CannotCreateTransactionException;

/** What becomes of rounds that fail. */
class RoundsTest {

  private static final Duration PAUSE = Duration.ofMillis(1);

  /** No other test here tells of it. */
  private static final Loop LOOP = Loop.BUDGETS;

  private final Rounds rounds = new Rounds(LoggerFactory.getLogger(RoundsTest.class), LOOP, "r", 1);

  @Test
  void aRoundThatTheDatabaseRefusesIsAMishapAndTheNextOneComes() throws Exception {
    assertThat(mishapsOf(List.of(new DataIntegrityViolationException("no such host"))))
        .isEqualTo(1);
  }

  @Test
  void withoutADatabaseRoundsWaitForIt() throws Exception {
    assertThat(
            mishapsOf(
                List.of(
                    new DataAccessResourceFailureException("the connection is gone"),
                    new CannotCreateTransactionException("no connection"),
                    new CannotAcquireLockException("not now"))))
        .isZero();
  }

  /** How many mishaps there are by rounds that fail so, one after the other. */
  private long mishapsOf(List<RuntimeException> failures) throws InterruptedException {
    long before = Mishaps.count(LOOP);
    AtomicInteger round = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(1);
    rounds.every(
        PAUSE,
        "a round",
        () -> {
          int number = round.getAndIncrement();
          if (number < failures.size()) {
            throw failures.get(number);
          }
          over.countDown();
        });
    assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
    rounds.stop();
    return Mishaps.count(LOOP) - before;
  }
}
