package io.podyard.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A host or its engine did not answer, or answered that it cannot right now. Nothing is known about
 * the effect of the call; it is made again, unless the host says that it never will.
 */
public final class RuntimeUnavailableException extends Exception {

  private static final long serialVersionUID = 1L;

  private final @Nullable String reason;
  private final boolean isFinal;

  public RuntimeUnavailableException(String message) {
    super(message);
    this.reason = null;
    this.isFinal = false;
  }

  public RuntimeUnavailableException(String message, Throwable cause) {
    super(message, cause);
    this.reason = null;
    this.isFinal = false;
  }

  private RuntimeUnavailableException(String reason, String message, boolean isFinal) {
    super(message);
    this.reason = reason;
    this.isFinal = isFinal;
  }

  /**
   * Of a host that answers, but lacks what a group needs.
   *
   * @param reason machine-readable, for the users of the group
   * @param message a sentence for them, which tells nothing of others
   */
  public static RuntimeUnavailableException lacking(String reason, String message) {
    return new RuntimeUnavailableException(reason, message, false);
  }

  /**
   * Of a host that answers, and will never make a sandbox as this group wants it.
   *
   * @param reason machine-readable, for the users of the group
   * @param message a sentence for them, which tells nothing of others
   */
  public static RuntimeUnavailableException refusing(String reason, String message) {
    return new RuntimeUnavailableException(reason, message, true);
  }

  /** Whether it is of no use to try again. */
  public boolean isFinal() {
    return isFinal;
  }

  /** What the users of the group are to be told, with the message; null if it is not for them. */
  public @Nullable String reason() {
    return reason;
  }
}
