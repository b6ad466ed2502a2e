package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;

/**
 * A key that may sign requests.
 *
 * @param operator whether its account is an operator's
 * @param secret never logged, never answered
 */
public record ActiveKey(AccessKeyId id, AccountId account, boolean operator, String secret)
    implements KeyLookup {

  @Override
  public String toString() {
    return "ActiveKey[" + id + " of " + account + "]";
  }
}
