package io.podyard.controlplane.driving;

import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.model.HostId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of work on many hosts side by side, on each host once at a time. Hosts that do not
 * answer have places of their own, so they do not keep the others waiting.
 */
final class SideBySide implements AutoCloseable {

  private static final int HOSTS_AT_ONCE = 32;

  private static final Logger log = LoggerFactory.getLogger(SideBySide.class);

  private final Loop loop;
  private final HostSilence silence;
  private final Set<HostId> begun = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(HOSTS_AT_ONCE, true);
  private final Semaphore placesOfSilent = new Semaphore(HOSTS_AT_ONCE, true);
  private final ExecutorService threads;

  /**
   * @param loop that the work belongs to; its threads bear its name
   */
  SideBySide(Loop loop, HostSilence silence) {
    this.loop = loop;
    this.silence = silence;
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(loop.tag() + "-", 0).factory());
  }

  /**
   * Has work done on a host, unless the last such work on it is not done yet.
   *
   * @return whether it is done
   */
  boolean on(HostId host, Runnable work) {
    if (!begun.add(host)) {
      return false;
    }
    try {
      threads.execute(() -> run(host, work));
      return true;
    } catch (RejectedExecutionException closed) {
      begun.remove(host);
      return false;
    } catch (Throwable failure) {
      begun.remove(host);
      throw failure;
    }
  }

  private void run(HostId host, Runnable work) {
    try {
      Semaphore place = silence.isSilent(host) ? placesOfSilent : places;
      place.acquire();
      try {
        if (!threads.isShutdown()) {
          work.run();
        }
      } finally {
        place.release();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (Throwable failure) {
      if (!threads.isShutdown()) {
        Mishaps.tell(log, loop, "work on host " + host + " failed", failure);
      }
    } finally {
      begun.remove(host);
    }
  }

  /** Those that do it, for whoever ends more than this. */
  ExecutorService threads() {
    return threads;
  }

  @Override
  public void close() {
    Ending.of(threads);
  }
}
