package io.podyard.runtime.docker;

import io.podyard.runtime.LogQuery;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The part of a log that a query asks for: the newest whole lines that fit. */
final class LogText {

  private final LogQuery query;
  private final Deque<byte[]> lines = new ArrayDeque<>();
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
    byte[] text = query.timestamps() ? line.stamped() : line.text();
    lines.addLast(text);
    bytes += text.length;
    while (lines.size() > query.tailLines() || (bytes > query.limitBytes() && lines.size() > 1)) {
      bytes -= lines.removeFirst().length;
    }
  }

  String text() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    lines.forEach(all::writeBytes);
    byte[] text = all.toByteArray();
    // Only a single line can still be too long.
    int from = Math.max(0, text.length - query.limitBytes());
    return new String(text, from, text.length - from, StandardCharsets.UTF_8);
  }
}
