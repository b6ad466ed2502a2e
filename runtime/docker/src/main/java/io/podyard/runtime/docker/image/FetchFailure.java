package io.podyard.runtime.docker.image;

/** An image could not be fetched; the message is the registry's own reason where it gave one. */
public final class FetchFailure extends Exception {

  public static final String PULL = "ErrImagePull";
  public static final String INVALID_NAME = "InvalidImageName";

  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int retryAfterSeconds;

  /**
   * @param reason {@link #PULL} or {@link #INVALID_NAME}
   * @param retryAfterSeconds the registry's wish, 0 if it has none
   */
  public FetchFailure(String reason, String message, int retryAfterSeconds) {
    super(message);
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static FetchFailure pull(String message) {
    return new FetchFailure(PULL, message, 0);
  }

  static FetchFailure pull(String message, Throwable cause) {
    FetchFailure failure = new FetchFailure(PULL, message, 0);
    failure.initCause(cause);
    return failure;
  }

  public String reason() {
    return reason;
  }

  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
