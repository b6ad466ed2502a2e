package io.podyard.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A line of a log.
 *
 * @param stamp its time as the engine writes it
 * @param time the same
 * @param text with its end of line, if it has one
 */
record LogLine(String stamp, Instant time, byte[] text) {

  private static final int LONGEST_STAMP = 40;

  /** Reads {@code <time> <text>}; empty if it does not begin with a time. */
  static Optional<LogLine> parse(byte[] stamped) {
    int space = 0;
    while (space < stamped.length && space < LONGEST_STAMP && stamped[space] != ' ') {
      space++;
    }
    if (space == stamped.length || stamped[space] != ' ') {
      return Optional.empty();
    }
    String stamp = new String(stamped, 0, space, StandardCharsets.ISO_8859_1);
    try {
      Instant time = OffsetDateTime.parse(stamp).toInstant();
      return Optional.of(
          new LogLine(stamp, time, Arrays.copyOfRange(stamped, space + 1, stamped.length)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** With its time before it. */
  byte[] stamped() {
    ByteArrayOutputStream line = new ByteArrayOutputStream(stamp.length() + 1 + text.length);
    line.writeBytes(stamp.getBytes(StandardCharsets.ISO_8859_1));
    line.write(' ');
    line.writeBytes(text);
    return line.toByteArray();
  }

  byte[] withoutEnd() {
    return ended() ? Arrays.copyOf(text, text.length - 1) : text;
  }

  boolean ended() {
    return text.length > 0 && text[text.length - 1] == '\n';
  }

  LogLine with(byte[] more) {
    byte[] both = Arrays.copyOf(text, text.length + more.length);
    System.arraycopy(more, 0, both, text.length, more.length);
    return new LogLine(stamp, time, both);
  }
}
