package io.podyard.runtime;

/** A crash left no core dump, or none that could be had. The message is for who waited for it. */
public final class CoreDumpMissingException extends Exception {

  private static final long serialVersionUID = 1L;

  public CoreDumpMissingException(String message) {
    super(message);
  }

  public CoreDumpMissingException(String message, Throwable cause) {
    super(message, cause);
  }
}
