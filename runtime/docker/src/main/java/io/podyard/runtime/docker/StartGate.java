package io.podyard.runtime.docker;

import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets only so many sandboxes and containers be made or started at the same time as the engine has
 * use for. The fence is asked behind the gate, so waiting here costs no safety.
 */
final class StartGate {

  private final EngineFacts facts;
  private final int perCore;
  private final Duration patience;
  private final Semaphore turns = new Semaphore(0, true);
  private int granted;

  StartGate(EngineFacts facts, int perCore, Duration patience) {
    this.facts = facts;
    this.perCore = perCore;
    this.patience = patience;
  }

  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  Turn enter() throws RuntimeUnavailableException {
    open();
    try {
      if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new RuntimeUnavailableException(
            "the engine is busy: a start waited " + patience.toSeconds() + " s for its turn");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeUnavailableException("interrupted while waiting for a turn to start", e);
    }
    return turns::release;
  }

  /** The number of cores is known once the engine has been asked. */
  private void open() throws RuntimeUnavailableException {
    int wanted = Math.multiplyExact(facts.get().cores(), perCore);
    synchronized (this) {
      if (wanted > granted) {
        turns.release(wanted - granted);
        granted = wanted;
      }
    }
  }
}
