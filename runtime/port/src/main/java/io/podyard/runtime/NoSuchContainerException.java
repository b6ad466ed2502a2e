package io.podyard.runtime;

/** The container is not on the host, or not running where it must be. */
public final class NoSuchContainerException extends Exception {

  private static final long serialVersionUID = 1L;

  public NoSuchContainerException(String message) {
    super(message);
  }
}
