package io.podyard.controlplane.metric;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import jakarta.annotation.PostConstruct;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes places for samples to come, coarser records of those that came, and drops what is over.
 * Every process may do it, at any time and any number of times.
 */
@Component
class MetricHousekeeping implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** Transactions of one round; in ten minutes ten times as many as 10,000 groups need. */
  private static final int MOST_STEPS = 100;

  /** So that who reads by a clock that is a little behind finds everything. */
  private static final Duration SLACK = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(MetricHousekeeping.class);

  private final MetricTables tables;
  private final MetricPartitions partitions;
  private final RollUp rollUp;
  private final Clock clock;
  private final Rounds rounds = new Rounds(log, Loop.SAMPLE, "metric-roll-up", 1);

  @Autowired
  MetricHousekeeping(JdbcTemplate jdbc, TransactionTemplate transaction, Clock clock) {
    MetricTables tables = new MetricTables(jdbc);
    MetricPartitions partitions = new MetricPartitions(jdbc, transaction);
    this(tables, partitions, new RollUp(tables, partitions, transaction), clock);
  }

  MetricHousekeeping(MetricTables tables, MetricPartitions partitions, RollUp rollUp, Clock clock) {
    this.tables = tables;
    this.partitions = partitions;
    this.rollUp = rollUp;
    this.clock = clock;
  }

  /** This hour and the next have a place before anything is written to it. */
  @PostConstruct
  void makeRoom() {
    Instant now = clock.instant();
    partitions.ensure(Resolution.SAMPLE, now);
    partitions.ensure(Resolution.SAMPLE, now.plus(Resolution.SAMPLE.partition()));
  }

  /** Goes through all there is to do once. */
  void round() {
    makeRoom();
    int steps = 0;
    while (steps < MOST_STEPS && rollUp.step(Resolution.MINUTE, clock.instant())) {
      steps++;
    }
    while (steps < MOST_STEPS && rollUp.step(Resolution.TEN_MINUTES, clock.instant())) {
      steps++;
    }
    dropWhatIsOver();
  }

  private void dropWhatIsOver() {
    Instant now = clock.instant().minus(SLACK);
    for (Resolution resolution : Resolution.values()) {
      Instant end = now.minus(resolution.kept());
      partitions.dropUntil(
          resolution,
          switch (resolution) {
            case SAMPLE -> earlier(end, tables.progress(Resolution.MINUTE).until());
            case MINUTE -> earlier(end, tables.progress(Resolution.TEN_MINUTES).until());
            case TEN_MINUTES -> end;
          });
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "rolling up metrics", this::round);
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
