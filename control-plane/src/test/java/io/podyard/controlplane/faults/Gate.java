package io.podyard.controlplane.faults;

import io.podyard.controlplane.write.CommitPoints;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds calls to engines where a process may be frozen: after its lease was checked, before the
 * engine hears of them.
 */
final class Gate implements CommitPoints {

  private final Map<String, CountDownLatch> closed = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> answeredLate = new ConcurrentHashMap<>();
  private final ThreadLocal<Boolean> late = ThreadLocal.withInitial(() -> false);

  /** From now on calls of this name wait. */
  void hold(String call) {
    closed.put(call, new CountDownLatch(1));
  }

  /** How many calls of this name wait or have waited. */
  int held(String call) {
    return waiting.getOrDefault(call, new AtomicInteger()).get();
  }

  /** How many of them the engine has answered with success since they were let go. */
  int answeredLate(String call) {
    return answeredLate.getOrDefault(call, new AtomicInteger()).get();
  }

  /** Lets all go on, and the later ones pass. */
  void open() {
    closed.values().forEach(CountDownLatch::countDown);
    closed.clear();
  }

  @Override
  public void reached(String name, Side side) {
    switch (side) {
      case BEFORE -> {
        late.set(false);
        CountDownLatch latch = closed.get(name);
        if (latch != null) {
          waiting.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
          try {
            latch.await();
          } catch (InterruptedException e) {
            // Its server is being closed: as good as killed here.
            throw new IllegalStateException("interrupted at " + name, e);
          }
          late.set(true);
        }
      }
      case AFTER -> {
        if (late.get()) {
          late.set(false);
          answeredLate.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
        }
      }
    }
  }
}
