package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;

/** The access key an installation can be used with from its first start. */
public sealed interface FirstKey {

  /**
   * The key and its secret.
   *
   * @param justCreated whether this call made the key, so nobody can have been told of it
   */
  record Usable(AccessKeyId id, String secret, boolean justCreated) implements FirstKey {

    @Override
    public String toString() {
      return "Usable[" + id + (justCreated ? ", just created]" : "]");
    }
  }

  /** Accounts exist, and their first key was made by a process with another data folder. */
  record KeptElsewhere() implements FirstKey {}
}
