package io.podyard.controlplane.door.signature;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.model.AccessKeyId;
import java.time.Duration;

/**
 * The nonces this process has seen lately. For requests that only read this is all the memory there
 * is: a replayed read changes nothing, so it may pass in another process, after a restart, or when
 * more nonces come than fit in here.
 */
public final class SeenNonces {

  /** A time may lie ahead by the tolerance and then stays good for as long after it. */
  private static final Duration REMEMBERED =
      SignatureRules.TOLERANCE.multipliedBy(2).plusMinutes(1);

  private static final int MOST = 100_000;

  private record Nonce(AccessKeyId key, String nonce) {}

  private final Cache<Nonce, Boolean> seen;

  public SeenNonces(Ticker ticker) {
    this.seen =
        Caffeine.newBuilder().expireAfterWrite(REMEMBERED).maximumSize(MOST).ticker(ticker).build();
  }

  /**
   * Remembers a nonce.
   *
   * @return false if it was seen before
   */
  public boolean add(AccessKeyId key, String nonce) {
    return seen.asMap().putIfAbsent(new Nonce(key, nonce), true) == null;
  }

  /** Lets a nonce be used again. */
  public void forget(AccessKeyId key, String nonce) {
    seen.invalidate(new Nonce(key, nonce));
  }
}
