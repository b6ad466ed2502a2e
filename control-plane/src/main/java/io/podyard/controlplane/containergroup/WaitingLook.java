package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.wake.Looking;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** When groups that wait are looked at: when capacity comes back, and now and then in any case. */
@Component
public class WaitingLook {

  private static final long RENEWAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The picture of many hosts is not read more often, however much others tell. */
  private static final long SHORTEST_RENEWAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Logger log = LoggerFactory.getLogger(WaitingLook.class);

  private final WaitingGroups groups;
  private final Placement placement;
  private final Looking looking;
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;

  private volatile boolean stale;
  private volatile boolean closed;

  WaitingLook(
      WaitingGroups groups,
      Placement placement,
      CapacityReturned capacityReturned,
      Looking looking) {
    this.groups = groups;
    this.placement = placement;
    this.looking = looking;
    this.thread = Thread.ofPlatform().name("waiting-groups").daemon().unstarted(this::run);
    capacityReturned.addListener(signal::release);
    placement.waitedFor().addListener(signal::release);
  }

  @PostConstruct
  void start() {
    thread.start();
  }

  @PreDestroy
  void close() {
    closed = true;
    signal.release();
    Ending.of(thread);
  }

  /** Hosts have room again, as another process says, whose picture of them is newer than ours. */
  public void capacityReturnedElsewhere() {
    stale = true;
    signal.release();
  }

  private void run() {
    long renewedAt = System.nanoTime() - RENEWAL_NANOS;
    long lastLook = renewedAt;
    while (!closed) {
      try {
        boolean told = signal.tryAcquire(1, TimeUnit.SECONDS);
        if (closed) {
          return;
        }
        signal.drainPermits();
        long now = System.nanoTime();
        boolean looks = told || stale || now - lastLook >= looking.waiting().toNanos();
        List<WaitingGroup> waiting = looks ? groups.waiting() : List.of();
        if (looks) {
          lastLook = now;
        }
        long age = System.nanoTime() - renewedAt;
        if (age > RENEWAL_NANOS || (stale && !waiting.isEmpty() && age > SHORTEST_RENEWAL_NANOS)) {
          stale = false;
          placement.renew();
          renewedAt = System.nanoTime();
        }
        if (groups.round(waiting)) {
          signal.release();
        }
      } catch (InterruptedException e) {
        return;
      } catch (DataAccessException e) {
        log.warn("waiting groups could not be looked at: {}", e.getMessage());
      } catch (Throwable failure) {
        if (!closed) {
          Mishaps.tell(log, Loop.WAITING, "looking at waiting groups failed", failure);
        }
      }
    }
  }
}
