package io.podyard.api.containergroup;

import io.podyard.api.wire.FreeText;
import org.jspecify.annotations.Nullable;

/** A login for one registry. */
public record ImageRegistryCredentialRequest(
    @FreeText @Nullable String password, @Nullable String server, @Nullable String userName) {

  /** Never shows the password: it may be a secret. */
  @Override
  public String toString() {
    return "ImageRegistryCredentialRequest["
        + "password="
        + (password == null ? "null" : "***")
        + ", "
        + "server="
        + server
        + ", "
        + "userName="
        + userName
        + "]";
  }
}
