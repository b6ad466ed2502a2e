package io.podyard.runtime;

/**
 * Packets cannot be captured, or there is nothing to be had of a capture, and trying the same again
 * is of no use. The message is for who asked for it.
 */
public final class CaptureRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  public CaptureRefusedException(String message) {
    super(message);
  }

  public CaptureRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
