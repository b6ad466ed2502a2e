package io.podyard.runtime.docker;

import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The part of a log that a query asks for: the newest whole lines that fit. */
final class LogText {

  private final LogQuery query;
  private final Deque<LogLine> lines = new ArrayDeque<>();
  private long bytes;

  LogText(LogQuery query) {
    this.query = query;
  }

  /**
   * @param text with its end of line, if it has one
   */
  void add(LogLine line) {
    Instant since = query.since();
    if (since != null && line.time().isBefore(since)) {
      return;
    }
    lines.addLast(line);
    bytes += shown(line).length;
    while (lines.size() > query.tailLines() || (bytes > query.limitBytes() && lines.size() > 1)) {
      bytes -= shown(lines.removeFirst()).length;
    }
  }

  private byte[] shown(LogLine line) {
    return query.timestamps() ? line.stamped() : line.text();
  }

  /** Hands on the lines as long as they are wanted. */
  void forEach(LogStream.Lines sink) {
    for (LogLine line : lines) {
      if (!sink.line(line.time(), line.withoutEnd())) {
        return;
      }
    }
  }

  String text() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    lines.forEach(line -> all.writeBytes(shown(line)));
    byte[] text = all.toByteArray();
    // Only a single line can still be too long.
    int from = Math.max(0, text.length - query.limitBytes());
    return new String(text, from, text.length - from, StandardCharsets.UTF_8);
  }
}
