package io.podyard.controlplane.datacache;

import io.podyard.controlplane.cache.CacheCopy;
import io.podyard.controlplane.cache.CopyWatch;
import io.podyard.controlplane.datacache.DataCopyStore.Order;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Has a host hold the data of a cache, or let go of it, from wherever it is. Each step may have
 * been done before by a process that died before it could say so; the host goes on where it was. No
 * call to a host or source is made inside a transaction.
 */
@Component
class DataCopyWork {

  private static final long GIB = 1L << 30;

  private static final Logger log = LoggerFactory.getLogger(DataCopyWork.class);

  private final DataCopyStore copies;
  private final DataCopyPlans plans;
  private final DataCacheEvents events;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final SecretBox secrets;
  private final int tries;
  private final Clock clock;

  DataCopyWork(
      DataCopyStore copies,
      DataCopyPlans plans,
      DataCacheEvents events,
      Runtimes runtimes,
      Inventory inventory,
      SecretBox secrets,
      PodyardSettings settings,
      Clock clock) {
    this.copies = copies;
    this.plans = plans;
    this.events = events;
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.secrets = secrets;
    this.tries = settings.dataCaches().tries();
    this.clock = clock;
  }

  /**
   * Goes as far as it gets.
   *
   * @return whether there is nothing left to do now; if not, it is tried again later
   * @throws InterruptedException if this process is to stop
   */
  boolean carryOut(CacheCopy copy, Fence fence) throws InterruptedException {
    try {
      GroupRuntime runtime = runtimes.of(copy.host());
      if (copy.isOver()) {
        runtime.releaseData(inventory.installation(), copy.host(), copy.key(), fence);
        copies.cleared(copy, clock.instant(), fence.epoch());
        plans.plan(copy.cache());
        return true;
      }
      Order order = copies.order(copy).orElse(null);
      if (order == null) {
        copies.end(copy);
        return false;
      }
      return hold(copy, order, runtime, fence);
    } catch (RuntimeUnavailableException e) {
      log.debug("{} waits for its host: {}", copy.id(), e.getMessage());
      return false;
    } catch (StaleFenceException e) {
      // Whoever drives the host now goes on with it.
      return false;
    }
  }

  private boolean hold(CacheCopy copy, Order order, GroupRuntime runtime, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, InterruptedException {
    long begun = System.nanoTime();
    CopyWatch watch = new CopyWatch(copies, copy, fence.epoch());
    try {
      HeldData held;
      try {
        held =
            runtime.holdData(
                order(copy, order), fence, (read, onHost, total) -> watch.at(onHost, total, read));
      } finally {
        watch.over();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      boolean done = copies.held(copy, held, took, clock.instant(), fence.epoch());
      if (!done) {
        failed(copy, "The host got other data than the one before.", 0, false, fence);
      }
      plans.plan(copy.cache());
      return done;
    } catch (InterruptedException e) {
      if (watch.isUnwanted()) {
        return false;
      }
      throw e;
    } catch (DataNotFetchedException e) {
      notFetched(copy, e, fence);
      return false;
    } catch (SecretNotOpenedException e) {
      log.error("the source of data cache {} does not open", copy.cache(), e);
      String problem = "What is known of the source cannot be read any more.";
      copies.failed(copy, copy.pause(0), problem, fence.epoch());
      return false;
    }
  }

  private void notFetched(CacheCopy copy, DataNotFetchedException e, Fence fence) {
    // What follows of it is told after it.
    Instant at = clock.instant();
    String message = String.valueOf(e.getMessage());
    if (e.reason() != Reason.NOT_KEPT) {
      failed(copy, message, e.retryAfterSeconds(), isInVain(e.reason()), fence);
    } else if (copy.tries() + 1 < tries) {
      log.warn("host {} did not take {}: {}", copy.host(), copy.key(), why(e));
      copies.failed(copy, copy.pause(0), "", fence.epoch());
    } else {
      log.warn("host {} is not to have {} for now: {}", copy.host(), copy.key(), why(e));
      copies.giveUp(copy, fence.epoch());
    }
    events.warning(copy.cache(), reason(e.reason()), message, at);
    plans.plan(copy.cache());
  }

  /** What the engine said is for operators alone. */
  private static @Nullable String why(DataNotFetchedException e) {
    Throwable cause = e.getCause();
    return cause == null ? e.getMessage() : cause.getMessage();
  }

  private static String reason(Reason reason) {
    return switch (reason) {
      case TOO_LARGE -> "DataTooLarge";
      case REFUSED -> "SourceRefused";
      case UNAVAILABLE -> "SourceUnavailable";
      case UNFIT -> "DataUnfit";
      case OVERDUE -> "SourceOverdue";
      case NOT_KEPT -> "DataNotKept";
    };
  }

  /** Whether another try would fail as well. */
  private static boolean isInVain(Reason reason) {
    return switch (reason) {
      case TOO_LARGE, REFUSED, UNFIT -> true;
      case UNAVAILABLE, OVERDUE, NOT_KEPT -> false;
    };
  }

  private void failed(
      CacheCopy copy, String message, int retryAfterSeconds, boolean inVain, Fence fence) {
    boolean last = inVain || copy.tries() + 1 >= tries;
    copies.failed(copy, copy.pause(retryAfterSeconds), last ? message : "", fence.epoch());
  }

  private DataCopyOrder order(CacheCopy copy, Order order) {
    return new DataCopyOrder(
        inventory.installation(),
        copy.host(),
        copy.key(),
        StoredSource.opened(secrets, order.source(), copy.cache()).source(),
        order.known(),
        order.sizeGib() * GIB);
  }
}
