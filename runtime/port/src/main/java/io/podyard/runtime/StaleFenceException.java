package io.podyard.runtime;

/** The right to drive a host is gone; whoever gets this does nothing more for the group. */
public final class StaleFenceException extends Exception {

  private static final long serialVersionUID = 1L;

  public StaleFenceException(String message) {
    super(message);
  }
}
