package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;

/** Who changes something of which it is noted who did, and by which request. */
public record Author(AccountId account, AccessKeyId key, String requestId) {

  public static Author of(Caller caller) {
    return new Author(caller.account(), caller.key(), caller.requestId());
  }
}
