package io.podyard.runtime.docker;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Sees to it that no network is removed while it is used. There is a lock only for networks that
 * somebody uses or removes right now.
 */
final class NetworkLocks {

  /** Until it is closed, by the thread that got it. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Counted {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** Changed only while the map is; those who wait count as well. */
    private int holders;
  }

  private final Map<String, Counted> locks = new ConcurrentHashMap<>();

  /** Waits for whoever removes the network. */
  Held toUse(String network) {
    Lock lock = enter(network).readLock();
    lock.lock();
    return () -> release(network, lock);
  }

  /** Empty if somebody uses or removes the network. */
  Optional<Held> toRemove(String network) {
    Lock lock = enter(network).writeLock();
    if (!lock.tryLock()) {
      leave(network);
      return Optional.empty();
    }
    return Optional.of(() -> release(network, lock));
  }

  /** For how many networks there are locks. */
  int size() {
    return locks.size();
  }

  private ReadWriteLock enter(String network) {
    return locks.compute(
            network,
            (_, known) -> {
              Counted one = known == null ? new Counted() : known;
              one.holders++;
              return one;
            })
        .lock;
  }

  private void release(String network, Lock lock) {
    lock.unlock();
    leave(network);
  }

  private void leave(String network) {
    locks.computeIfPresent(
        network,
        (_, known) -> {
          known.holders--;
          return known.holders == 0 ? null : known;
        });
  }
}
