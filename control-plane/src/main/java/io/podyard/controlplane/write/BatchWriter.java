package io.podyard.controlplane.write;

import io.podyard.api.ApiException;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits the items of many callers in groups: whatever is waiting, up to {@value #MOST_ITEMS}
 * items, goes into one transaction. Each item gets its own result.
 *
 * <p>A batch that fails for its data is repeated item by item, so one poisonous item fails alone;
 * what its handler refuses by an {@link ApiException} is its caller's answer. An item that no batch
 * has taken within its time is refused and never written later.
 */
public final class BatchWriter<I, R> implements ItemWriter<I, R> {

  /** What is written for the items of one transaction. */
  @FunctionalInterface
  public interface Handler<I, R> {

    /**
     * Runs inside a transaction. May be called again for the same items if the transaction failed.
     *
     * @return one result for each item, in their order
     * @throws ApiException to refuse an item: the transaction is void, and called with that item
     *     alone it is refused with this
     */
    List<R> write(List<I> items);
  }

  static final int MOST_ITEMS = 100;
  private static final int MOST_WAITING = 5_000;

  /** How soon an idle writer sees that it is to end. */
  private static final long IDLE_MILLIS = 50;

  /**
   * Callers that came together come together again, when they have their answers: those that are
   * fewer are waited for a little, since a batch costs the same whether it is full or not.
   */
  private static final int CROWD = 8;

  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final Duration LONGEST_WAIT_FOR_BATCH = Duration.ofSeconds(2);

  /**
   * How long a batch may take that an item got into at the last moment. Callers give up after three
   * seconds, so until then they are told at least that nobody knows.
   */
  private static final Duration LONGEST_WRITE = Duration.ofMillis(800);

  private static final Logger log = LoggerFactory.getLogger(BatchWriter.class);

  private final String name;
  private final ItemTransaction<I, R> transaction;
  private final int mostItems;
  private final BlockingQueue<Entry<I, R>> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean closed;

  public BatchWriter(
      String name, TransactionTemplate transaction, Handler<I, R> handler, CommitPoints points) {
    this(name, transaction, handler, points, MOST_ITEMS);
  }

  /**
   * A writer of large items.
   *
   * @param mostItems of one transaction, at most {@value #MOST_ITEMS}
   */
  public BatchWriter(
      String name,
      TransactionTemplate transaction,
      Handler<I, R> handler,
      CommitPoints points,
      int mostItems) {
    this.name = name;
    this.transaction = new ItemTransaction<>(name, transaction, handler, points);
    this.mostItems = mostItems;
    this.thread = Thread.ofPlatform().name("write-" + name).daemon().start(this::run);
  }

  /** {@inheritDoc} Waits no longer than the caller's {@link AnswerTime} leaves. */
  @Override
  public R write(I item) throws NotWrittenException {
    Duration wait =
        AnswerTime.atMost(LONGEST_WAIT_FOR_BATCH.plus(LONGEST_WRITE)).minus(LONGEST_WRITE);
    if (!wait.isPositive()) {
      throw new NotWrittenException(name + ": no time is left for the write", null);
    }
    Entry<I, R> entry = new Entry<>(item);
    if (closed || !queue.offer(entry)) {
      throw new NotWrittenException(name + ": the queue of writes is full", null);
    }
    try {
      return entry.await(wait);
    } catch (InterruptedException e) {
      boolean _ = entry.giveUp();
      Thread.currentThread().interrupt();
      throw new NotWrittenException(name + ": interrupted", e);
    }
  }

  /** Items that wait for a batch right now. */
  public int waiting() {
    return queue.size();
  }

  private void run() {
    List<Entry<I, R>> batch = new ArrayList<>(MOST_ITEMS);
    int crowd = 0;
    while (!closed) {
      try {
        Entry<I, R> first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, mostItems - 1);
        if (crowd >= CROWD && batch.size() < crowd) {
          LockSupport.parkNanos(LINGER_NANOS);
          queue.drainTo(batch, mostItems - batch.size());
        }
        crowd = batch.size();
        batch.removeIf(entry -> !entry.take());
        if (!batch.isEmpty()) {
          commit(batch);
        }
      } catch (InterruptedException e) {
        break;
      } catch (Throwable failure) {
        giveUp(batch, failure);
      } finally {
        batch.clear();
      }
    }
    Entry<I, R> left;
    while ((left = queue.poll()) != null) {
      left.fail(new NotWrittenException(name + ": shutting down", null));
    }
  }

  /** The thread goes on: without it nothing would be written any more. */
  private void giveUp(List<Entry<I, R>> batch, Throwable failure) {
    try {
      Mishaps.tell(log, Loop.WRITE, name + ": a batch was given up", failure);
      NotWrittenException refusal = new NotWrittenException(name + ": unknown if written", failure);
      batch.forEach(entry -> entry.fail(refusal));
    } catch (Throwable again) {
      // Their callers do not wait for ever.
    }
  }

  private void commit(List<Entry<I, R>> batch) {
    try {
      List<R> results = transaction.write(batch.stream().map(Entry::item).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).succeed(results.get(i));
      }
    } catch (Throwable failure) {
      if (batch.size() > 1 && !DatabaseFailures.isUnavailable(failure)) {
        if (!(failure instanceof ApiException)) {
          log.warn("{}: a batch of {} failed, repeating item by item", name, batch.size(), failure);
        }
        batch.forEach(entry -> commit(List.of(entry)));
        return;
      }
      if (failure instanceof ApiException refusal) {
        batch.getFirst().refuse(refusal);
        return;
      }
      try (LogScope _ = LogScope.of(inLog(batch))) {
        log.warn("{}: {} items not written", name, batch.size(), failure);
      }
      NotWrittenException refusal =
          new NotWrittenException(name + ": " + failure.getMessage(), failure);
      batch.forEach(entry -> entry.fail(refusal));
    }
  }

  /** Of an item that fails alone the log says whose it is. */
  private LogScope.Fields inLog(List<Entry<I, R>> batch) {
    return batch.size() == 1 ? batch.getFirst().inLog : LogScope.Fields.NONE;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(15));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private enum Fate {
    WAITING,
    TAKEN,
    GIVEN_UP
  }

  private static final class Entry<I, R> {

    private final I item;
    private final LogScope.Fields inLog = LogScope.Fields.present();
    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.WAITING);
    private final CompletableFuture<R> result = new CompletableFuture<>();

    Entry(I item) {
      this.item = item;
    }

    I item() {
      return item;
    }

    boolean take() {
      return fate.compareAndSet(Fate.WAITING, Fate.TAKEN);
    }

    /** Whether no batch took it before, so that it will never be written. */
    boolean giveUp() {
      return fate.compareAndSet(Fate.WAITING, Fate.GIVEN_UP);
    }

    void succeed(R value) {
      result.complete(value);
    }

    void fail(NotWrittenException failure) {
      result.completeExceptionally(failure);
    }

    void refuse(ApiException refusal) {
      result.completeExceptionally(refusal);
    }

    R await(Duration wait) throws InterruptedException, NotWrittenException {
      try {
        return result.get(wait.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException late) {
        if (giveUp()) {
          throw new NotWrittenException(
              "no batch took the write in time; it was not written", late);
        }
        return awaitTaken();
      } catch (ExecutionException e) {
        throw unwrap(e);
      }
    }

    private R awaitTaken() throws InterruptedException, NotWrittenException {
      try {
        return result.get(LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException late) {
        throw new NotWrittenException("the database did not answer; unknown if written", late);
      } catch (ExecutionException e) {
        throw unwrap(e);
      }
    }

    private static NotWrittenException unwrap(ExecutionException e) {
      if (e.getCause() instanceof ApiException refusal) {
        throw refusal;
      }
      return e.getCause() instanceof NotWrittenException notWritten
          ? notWritten
          : new NotWrittenException(String.valueOf(e.getMessage()), e);
    }
  }
}
