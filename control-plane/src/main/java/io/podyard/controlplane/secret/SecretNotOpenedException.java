package io.podyard.controlplane.secret;

/** A sealed secret could not be opened. The message says why and names the record, no secret. */
public final class SecretNotOpenedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SecretNotOpenedException(String message) {
    super(message);
  }

  public SecretNotOpenedException(String message, Throwable cause) {
    super(message, cause);
  }
}
