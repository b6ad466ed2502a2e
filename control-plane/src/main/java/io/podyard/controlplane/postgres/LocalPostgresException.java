package io.podyard.controlplane.postgres;

/**
 * The local PostgreSQL could not be brought up, or could not be stopped. The message names the
 * folder and what can be done, and carries the server's own last words where it had any.
 */
public final class LocalPostgresException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LocalPostgresException(String message) {
    super(message);
  }

  public LocalPostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
