package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;

/** The registry cannot answer now, but perhaps soon. */
final class RetryableStatus extends IOException {

  private static final long serialVersionUID = 1L;
  private static final int LONGEST_WISH_SECONDS = 24 * 3600;
  private static final int LARGEST_REASON = 64 * 1024;

  private final int retryAfterSeconds;

  private RetryableStatus(String message, int retryAfterSeconds) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static RetryableStatus of(Answer answer) throws IOException {
    String reasons = RegistryJson.errors(answer.body().readNBytes(LARGEST_REASON));
    String word = answer.status() == 429 ? "429 too many requests" : "status " + answer.status();
    return new RetryableStatus(word + reasons, seconds(answer.first("Retry-After")));
  }

  /** Only the form in seconds; registries do not send the other, and it would need their clock. */
  private static int seconds(String text) {
    try {
      return Math.clamp(Long.parseLong(text.strip()), 0, LONGEST_WISH_SECONDS);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The registry's wish, 0 if it has none. */
  int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
