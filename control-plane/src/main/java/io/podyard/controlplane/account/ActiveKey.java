package io.podyard.controlplane.account;

import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import org.jspecify.annotations.Nullable;

/**
 * A key that may sign requests.
 *
 * @param operator whether its account is an operator's
 * @param overdue whether its account owes money
 * @param secret never logged, never answered
 */
public record ActiveKey(
    AccessKeyId id, AccountId account, boolean operator, boolean overdue, String secret)
    implements KeyLookup {

  /** Whoever signed a request with it. */
  public Caller caller(String requestId, @Nullable NonceUse nonce) {
    return new Caller(account, operator, overdue, id, requestId, nonce);
  }

  @Override
  public String toString() {
    return "ActiveKey[" + id + " of " + account + "]";
  }
}
