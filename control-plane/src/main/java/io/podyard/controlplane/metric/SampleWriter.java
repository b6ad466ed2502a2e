package io.podyard.controlplane.metric;

import io.podyard.controlplane.metric.MetricTables.Row;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes samples by the hundred on a thread of its own. Nobody waits for it: what there is no room
 * for, what the database does not take and what is too old by then is missed and counted.
 */
final class SampleWriter implements AutoCloseable {

  /** Half a minute of 10,000 groups that are sampled every 15 s. */
  private static final int MOST_WAITING = 20_000;

  private static final int MOST_ROWS = 500;
  private static final long IDLE_MILLIS = 200;

  /**
   * How long the first sample waits for others to be written with it, so that there are fewer
   * transactions; readers see it so much later.
   */
  private static final long LINGER_MILLIS = 100;

  /** Together with the time a transaction may take less than {@link RollUp#SETTLED}. */
  private static final Duration TOO_OLD = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(SampleWriter.class);

  private final MetricTables tables;
  private final TransactionTemplate transaction;
  private final SampleCounts counts;
  private final InstantSource clock;
  private final BlockingQueue<Row> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean closed;

  SampleWriter(
      MetricTables tables,
      TransactionTemplate transaction,
      SampleCounts counts,
      InstantSource clock) {
    this.tables = tables;
    this.transaction = transaction;
    this.counts = counts;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("write-samples").daemon().start(this::run);
  }

  /** Has a sample written soon; never waits. */
  void write(Row sample) {
    if (closed || !waiting.offer(sample)) {
      counts.addMissed(1);
    }
  }

  private void run() {
    while (!closed) {
      List<Row> batch = new ArrayList<>();
      try {
        Row first = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          TimeUnit.MILLISECONDS.sleep(LINGER_MILLIS);
          waiting.drainTo(batch, MOST_ROWS - 1);
          writeAll(batch);
        }
      } catch (InterruptedException e) {
        counts.addMissed(batch.size());
        break;
      } catch (DataAccessException | TransactionException e) {
        counts.addMissed(batch.size());
        log.warn("{} samples of groups are not written: {}", batch.size(), e.getMessage());
      } catch (Throwable failure) {
        counts.addMissed(batch.size());
        Mishaps.tell(log, Loop.SAMPLE, "samples of groups are not written", failure);
      }
    }
  }

  private void writeAll(List<Row> batch) {
    Instant oldest = clock.instant().minus(TOO_OLD);
    List<Row> young = batch.stream().filter(row -> row.at().isAfter(oldest)).toList();
    transaction.executeWithoutResult(_ -> tables.write(Resolution.SAMPLE, young));
    counts.addTaken(young.size());
    counts.addMissed(batch.size() - young.size());
  }

  /** What still waits is missed: the next holder of the shards samples again. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
