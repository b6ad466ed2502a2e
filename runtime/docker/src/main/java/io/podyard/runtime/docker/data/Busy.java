package io.podyard.runtime.docker.data;

import java.io.IOException;

/** A source cannot answer now, but perhaps soon. */
final class Busy extends IOException {

  private static final long serialVersionUID = 1L;

  private final int retryAfterSeconds;

  /**
   * @param retryAfterSeconds the source's wish, 0 if it has none
   */
  Busy(String message, int retryAfterSeconds) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
