package io.podyard.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The content of a data source could not be read, or not be kept. The message is for who asked for
 * it and tells nothing secret.
 */
public final class DataNotFetchedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** It is more than the cache holds. */
    TOO_LARGE,
    /** The source does not give it, or may not be asked. */
    REFUSED,
    /** The source did not answer as it should in several attempts; it may later. */
    UNAVAILABLE,
    /** Something in it cannot be kept: its name, its kind, or where it leads. */
    UNFIT,
    /** The time for all of it is over. */
    OVERDUE,
    /** The host did not take what was read; it may later, and so may others. */
    NOT_KEPT
  }

  private final Reason reason;
  private final int retryAfterSeconds;

  public DataNotFetchedException(Reason reason, String message) {
    this(reason, message, null, 0);
  }

  /**
   * @param retryAfterSeconds the source's wish, 0 if it has none
   */
  public DataNotFetchedException(
      Reason reason, String message, @Nullable Throwable cause, int retryAfterSeconds) {
    super(message, cause);
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public Reason reason() {
    return reason;
  }

  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
