package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;

/** A key that was just made; the only moment its secret is shown. */
public record NewAccessKey(AccessKeyId id, String secret) {

  @Override
  public String toString() {
    return "NewAccessKey[" + id + "]";
  }
}
