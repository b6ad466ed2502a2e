package io.podyard.runtime.simulated;

import io.podyard.runtime.LogQuery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container wrote from its start until some moment. Nothing is copied: the lines are those
 * of its program, which fall due with time.
 */
record LogBook(List<Program.Line> lines, Instant since, Instant until) {

  static final LogBook EMPTY = new LogBook(List.of(), Instant.EPOCH, Instant.EPOCH);

  static LogBook of(@Nullable Program program, Instant since, Instant until) {
    return program == null ? EMPTY : new LogBook(program.lines(), since, until);
  }

  String text(LogQuery query) {
    List<String> chosen = new ArrayList<>();
    for (Program.Line line : lines) {
      Instant at = since.plus(line.at());
      boolean asked = query.since() == null || !at.isBefore(query.since());
      if (!at.isAfter(until) && asked) {
        chosen.add((query.timestamps() ? at + " " : "") + line.text() + "\n");
      }
    }
    int from = Math.max(0, chosen.size() - query.tailLines());
    byte[] bytes =
        String.join("", chosen.subList(from, chosen.size())).getBytes(StandardCharsets.UTF_8);
    int cut = Math.max(0, bytes.length - query.limitBytes());
    while (cut > 0 && cut < bytes.length && (bytes[cut] & 0xC0) == 0x80) {
      cut++; // not in the middle of a character
    }
    return new String(bytes, cut, bytes.length - cut, StandardCharsets.UTF_8);
  }
}
