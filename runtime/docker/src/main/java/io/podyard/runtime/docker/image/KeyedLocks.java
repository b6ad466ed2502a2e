package io.podyard.runtime.docker.image;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread at a time do what has the same key. */
final class KeyedLocks {

  private static final long LOOK_MILLIS = 500;

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  private static final class Entry {
    final ReentrantLock lock = new ReentrantLock(true);
    int users;
  }

  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @throws FetchFailure if the time of the fetch is over before it is its turn
   */
  Held lock(String key, FetchTime time) throws FetchFailure, InterruptedException {
    Entry entry =
        entries.compute(
            key,
            (_, old) -> {
              Entry e = old == null ? new Entry() : old;
              e.users++;
              return e;
            });
    try {
      do {
        time.check();
      } while (!entry.lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (FetchFailure | InterruptedException e) {
      leave(key);
      throw e;
    }
    return () -> {
      entry.lock.unlock();
      leave(key);
    };
  }

  private void leave(String key) {
    entries.computeIfPresent(key, (_, e) -> --e.users == 0 ? null : e);
  }
}
