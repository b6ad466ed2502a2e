package io.podyard.runtime;

/**
 * An image could not be fetched. The message is for who asked for it: the registry's own reason
 * where it gave one.
 */
public final class ImageNotFetchedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int retryAfterSeconds;

  /**
   * @param reason {@code ErrImagePull} or {@code InvalidImageName}
   * @param retryAfterSeconds the registry's wish, 0 if it has none
   */
  public ImageNotFetchedException(String reason, String message, int retryAfterSeconds) {
    super(message);
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public String reason() {
    return reason;
  }

  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
