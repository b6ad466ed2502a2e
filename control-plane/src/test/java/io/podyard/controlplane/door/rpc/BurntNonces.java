package io.podyard.controlplane.door.rpc;

import io.podyard.controlplane.idempotency.NonceBurner;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.write.NotWrittenException;
import java.util.HashSet;
import java.util.Set;

/** What the table of nonces does, in memory; processes of a test share one. */
final class BurntNonces implements NonceBurner {

  private record Key(String key, String nonce) {}

  private final Set<Key> burnt = new HashSet<>();
  private boolean unavailable;

  @Override
  public synchronized boolean burn(NonceUse use) throws NotWrittenException {
    if (unavailable) {
      throw new NotWrittenException("no database in this test", null);
    }
    use.settle();
    return burnt.add(new Key(use.key().value(), use.nonce()));
  }

  synchronized void unavailable(boolean now) {
    unavailable = now;
  }

  synchronized int size() {
    return burnt.size();
  }
}
