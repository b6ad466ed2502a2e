package io.podyard.runtime;

/**
 * A host or its engine did not answer, or answered that it cannot right now. Nothing is known about
 * the effect of the call; it is made again.
 */
public final class RuntimeUnavailableException extends Exception {

  private static final long serialVersionUID = 1L;

  public RuntimeUnavailableException(String message) {
    super(message);
  }

  public RuntimeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
