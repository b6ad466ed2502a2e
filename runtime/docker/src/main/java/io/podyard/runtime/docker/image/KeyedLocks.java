package io.podyard.runtime.docker.image;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread at a time do what has the same key. */
final class KeyedLocks {

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  private static final class Entry {
    final ReentrantLock lock = new ReentrantLock(true);
    int users;
  }

  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  Held lock(String key) throws InterruptedException {
    Entry entry =
        entries.compute(
            key,
            (_, old) -> {
              Entry e = old == null ? new Entry() : old;
              e.users++;
              return e;
            });
    try {
      entry.lock.lockInterruptibly();
    } catch (InterruptedException e) {
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
