package io.podyard.controlplane.account;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request whose signature is right.
 *
 * @param account the account the request acts for
 * @param operator whether the account is an operator's
 * @param overdue whether the account owes money, as it was known at most {@link AccessKeys#TRUSTED}
 *     ago
 * @param key the key that signed
 * @param requestId of the request, for the records of who did what
 * @param nonce to be burnt together with the request's effect; null for requests that only read
 */
public record Caller(
    AccountId account,
    boolean operator,
    boolean overdue,
    AccessKeyId key,
    String requestId,
    @Nullable NonceUse nonce) {

  /**
   * To be asked wherever something is wanted that would cost more.
   *
   * @throws ApiException if the account owes money
   */
  public void requireNoArrears() {
    if (overdue) {
      throw new ApiException(
          ErrorCode.ACCOUNT_ARREARAGE,
          "The account owes money: nothing that costs more can be created. What runs goes on."
              + " Whoever runs this installation can lift this.");
    }
  }
}
