package io.podyard.controlplane.write;

import org.jspecify.annotations.Nullable;

/**
 * Something was not written, or nobody can say whether it was. The caller is told to try again with
 * the same client token.
 */
public final class NotWrittenException extends Exception {

  private static final long serialVersionUID = 1L;

  public NotWrittenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
