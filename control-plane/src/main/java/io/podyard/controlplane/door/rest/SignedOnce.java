package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.SIGNATURE_NONCE_USED;

import io.podyard.api.ApiException;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.idempotency.NonceBurner;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.write.NotWrittenException;
import org.springframework.stereotype.Component;

/** Effects that a replayed request must not have once more, since others may have come between. */
@Component
class SignedOnce {

  private final NonceBurner nonces;

  SignedOnce(NonceBurner nonces) {
    this.nonces = nonces;
  }

  /**
   * To be called before the effect.
   *
   * @throws ApiException if the request's nonce was used before
   * @throws NotWrittenException if that cannot be told now
   */
  void burn(Caller caller) throws NotWrittenException {
    NonceUse nonce = caller.nonce();
    if (nonce != null && !nonces.burn(nonce)) {
      throw new ApiException(SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
    }
  }
}
