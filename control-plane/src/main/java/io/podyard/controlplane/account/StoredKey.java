package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;

/**
 * An access key as it is kept.
 *
 * @param role the role of its account
 * @param overdue whether its account owes money
 * @param sealedSecret opened with the key's id as context
 */
public record StoredKey(
    AccessKeyId id,
    AccountId account,
    AccountRole role,
    boolean overdue,
    String sealedSecret,
    KeyStatus status) {

  @Override
  public String toString() {
    return "StoredKey[" + id + " of " + account + ", " + status + "]";
  }
}
