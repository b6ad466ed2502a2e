package io.podyard.controlplane.placement;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps decisions for those who ask later: of picks those that were explained, and every refusal.
 * They are written beside what they are about, some at a time, so that no request waits for them.
 * Equal refusals of one account that wait to be written become one with their number. What a
 * process has not written when it is killed is not kept, nor what is beyond {@link
 * #MOST_UNWRITTEN}.
 */
public final class DecisionLog implements Placement.Listener, AutoCloseable {

  static final int MOST_UNWRITTEN = 1_000;

  /** Rows of one statement. */
  private static final int MOST_AT_ONCE = 200;

  private static final long PAUSE_MILLIS = 500;

  private static final Logger log = LoggerFactory.getLogger(DecisionLog.class);

  /** What is refused to an account without making a group. */
  private record Refused(AccountId account, PlacementRequest request) {}

  private final DecisionTable table;
  private final String process;
  private final Clock clock;
  private final Map<Object, MadeDecision> unwritten = new LinkedHashMap<>();
  private final AtomicLong kept = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();
  private final ScheduledExecutorService writing =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("placement-decisions").daemon().factory());

  /**
   * @param process what this one is called where shards are listed
   */
  public DecisionLog(DecisionTable table, String process, Clock clock) {
    this.table = table;
    this.process = process;
    this.clock = clock;
  }

  /** Begins to write. */
  public void start() {
    ScheduledFuture<?> _ =
        writing.scheduleWithFixedDelay(
            this::write, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    writing.shutdown();
    write();
  }

  @Override
  public void placed(AccountId account, ContainerGroupId group, Placement.Pick pick) {
    Decision decision = pick.decision();
    if (decision != null) {
      add(group, now(account, group, MadeDecision.Outcome.PLACED, pick.host(), decision));
    }
  }

  @Override
  public void refused(AccountId account, @Nullable ContainerGroupId group, Decision decision) {
    add(
        group == null ? new Refused(account, decision.explanation().request()) : group,
        now(account, group, MadeDecision.Outcome.REFUSED, null, decision));
  }

  /** A decision of this process and this moment, which is not kept by that. */
  public MadeDecision now(
      AccountId account,
      @Nullable ContainerGroupId group,
      MadeDecision.Outcome outcome,
      @Nullable HostId host,
      Decision decision) {
    return new MadeDecision(
        clock.instant(),
        account,
        decision.explanation().request().region(),
        group,
        outcome,
        host,
        process,
        decision.version(),
        1,
        DecisionFacts.of(decision.explanation()).saying(decision.sentence()));
  }

  private void add(Object about, MadeDecision made) {
    synchronized (unwritten) {
      MadeDecision before = unwritten.get(about);
      if (before != null || unwritten.size() < MOST_UNWRITTEN) {
        unwritten.put(about, before == null || made.group() != null ? made : before.again());
        return;
      }
    }
    leftOut.incrementAndGet();
  }

  /** The decision about a group that was made last, if it is kept. */
  public Optional<MadeDecision> of(ContainerGroupId group) {
    synchronized (unwritten) {
      MadeDecision made = unwritten.get(group);
      if (made != null) {
        return Optional.of(made);
      }
    }
    return table.of(group);
  }

  /** How many this process has kept. */
  public long kept() {
    return kept.get();
  }

  /** How many it could not keep, because there were too many at once. */
  public long leftOut() {
    return leftOut.get();
  }

  private void write() {
    try {
      List<MadeDecision> next = next();
      while (!next.isEmpty()) {
        table.add(next);
        kept.addAndGet(next.size());
        next = next();
      }
    } catch (DataAccessException e) {
      log.warn("placement decisions were not kept: {}", e.getMessage());
    } catch (Throwable failure) {
      log.error("keeping placement decisions failed", failure);
    }
  }

  private List<MadeDecision> next() {
    List<MadeDecision> next = new ArrayList<>();
    synchronized (unwritten) {
      Iterator<MadeDecision> all = unwritten.values().iterator();
      while (all.hasNext() && next.size() < MOST_AT_ONCE) {
        next.add(all.next());
        all.remove();
      }
    }
    return next;
  }
}
