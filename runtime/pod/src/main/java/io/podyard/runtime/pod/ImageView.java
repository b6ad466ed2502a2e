package io.podyard.runtime.pod;

/** What is known of an image on a host. */
public sealed interface ImageView {

  record Absent() implements ImageView {}

  record Present() implements ImageView {}

  /**
   * Being fetched.
   *
   * @param bytes fetched so far
   * @param totalBytes 0 while unknown
   */
  record Pulling(long bytes, long totalBytes) implements ImageView {}

  /**
   * The newest fetch failed and none is under way.
   *
   * @param reason {@code ErrImagePull} or {@code InvalidImageName}
   * @param message the registry's own reason
   * @param retryAfterSeconds the registry's wish, 0 if it has none
   */
  record Failed(String reason, String message, int retryAfterSeconds) implements ImageView {
    public Failed {
      reason = PlainWords.reason(reason);
      message = PlainWords.message(message);
    }
  }
}
