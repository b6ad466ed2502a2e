package io.podyard.runtime.docker.web;

import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** A server cannot answer now, but perhaps soon. */
public final class Busy extends IOException {

  private static final long serialVersionUID = 1L;

  /** Nobody means more, and it is stored as a number of seconds. */
  private static final int LONGEST_WISH_SECONDS = 24 * 3600;

  private final int retryAfterSeconds;

  /**
   * @param message what it answered
   */
  public Busy(String message, Answer answer) {
    super(message);
    this.retryAfterSeconds = wish(answer.first("Retry-After").strip(), answer.first("Date"));
  }

  /** Whether an answer says no more than that. */
  public static boolean is(Answer answer) {
    return answer.status() == 429 || answer.status() >= 500;
  }

  /** The server's wish, 0 if it has none. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** Seconds, or a time; that is compared with the server's own clock. */
  private static int wish(String text, String now) {
    try {
      return Math.clamp(Long.parseLong(text), 0, LONGEST_WISH_SECONDS);
    } catch (NumberFormatException e) {
      return until(text, now);
    }
  }

  private static int until(String time, String now) {
    try {
      Duration wait =
          Duration.between(
              ZonedDateTime.parse(now, DateTimeFormatter.RFC_1123_DATE_TIME),
              ZonedDateTime.parse(time, DateTimeFormatter.RFC_1123_DATE_TIME));
      return Math.clamp(wait.toSeconds(), 0, LONGEST_WISH_SECONDS);
    } catch (DateTimeParseException e) {
      return 0;
    }
  }
}
