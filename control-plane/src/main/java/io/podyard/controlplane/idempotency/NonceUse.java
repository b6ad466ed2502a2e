package io.podyard.controlplane.idempotency;

import io.podyard.model.AccessKeyId;

/**
 * The nonce of a verified request that changes something. Whoever writes the request's effect burns
 * the nonce in the same transaction; if nothing was written, the door burns it before it answers.
 */
public final class NonceUse {

  private final AccessKeyId key;
  private final String nonce;
  private volatile boolean settled;

  public NonceUse(AccessKeyId key, String nonce) {
    this.key = key;
    this.nonce = nonce;
  }

  public AccessKeyId key() {
    return key;
  }

  public String nonce() {
    return nonce;
  }

  /** Whether a transaction that burnt it, or found it burnt, has committed. */
  public boolean settled() {
    return settled;
  }

  public void settle() {
    settled = true;
  }
}
