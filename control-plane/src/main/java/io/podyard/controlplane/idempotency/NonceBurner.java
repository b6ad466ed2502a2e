package io.podyard.controlplane.idempotency;

import io.podyard.controlplane.write.NotWrittenException;

/** Burns the nonces of requests that were refused before they wrote anything. */
@FunctionalInterface
public interface NonceBurner {

  /**
   * Burns a nonce in a transaction of its own. Returns when that is durable.
   *
   * @return whether the nonce was fresh; false if it was burnt before
   * @throws NotWrittenException if it may not be burnt
   */
  boolean burn(NonceUse use) throws NotWrittenException;
}
