package io.podyard.runtime.docker;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The engine's stream of a log or of a command's output: frames of standard output and standard
 * error, in the order they came.
 */
final class LogFrames {

  private static final int LARGEST_FRAME = 16 << 20;

  /** A line longer than this is handed on in parts. */
  private static final int LONGEST_LINE = 1 << 20;

  private final DataInputStream in;
  private final int longestLine;

  LogFrames(InputStream in) {
    this(in, LONGEST_LINE);
  }

  /**
   * @param longestLine bytes beyond which a line is handed on in parts
   */
  LogFrames(InputStream in, int longestLine) {
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.longestLine = longestLine;
  }

  interface FrameSink {
    void frame(int stream, byte[] bytes) throws IOException;
  }

  interface LineSink {
    void line(LogLine line) throws IOException;
  }

  void forEach(FrameSink sink) throws IOException {
    for (int stream = in.read(); stream >= 0; stream = in.read()) {
      in.skipNBytes(3);
      int size = in.readInt();
      if (stream > 2 || size < 0 || size > LARGEST_FRAME) {
        throw new IOException("the engine's stream has no frame where one should be");
      }
      byte[] bytes = new byte[size];
      try {
        in.readFully(bytes);
      } catch (EOFException e) {
        throw new IOException("the engine's stream ends inside a frame", e);
      }
      sink.frame(stream, bytes);
    }
  }

  /** What comes from a terminal is in no frames: it begins with the time of its first line. */
  private boolean isTerminal() throws IOException {
    in.mark(1);
    int first = in.read();
    in.reset();
    return first > 2;
  }

  private void forEachLineOfTerminal(LineSink sink) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      bytes.write(b);
      if (b == '\n' || bytes.size() >= longestLine) {
        hand(bytes, sink);
      }
    }
    hand(bytes, sink);
  }

  private static void hand(ByteArrayOutputStream bytes, LineSink sink) throws IOException {
    LogLine line = LogLine.parse(bytes.toByteArray()).orElse(null);
    bytes.reset();
    if (line != null) {
      sink.line(line);
    }
  }

  /** Lines with their times. The engine cuts long ones and puts a time before each part. */
  void forEachLine(LineSink sink) throws IOException {
    if (isTerminal()) {
      forEachLineOfTerminal(sink);
      return;
    }
    Map<Integer, LogLine> open = new HashMap<>();
    forEach(
        (stream, bytes) -> {
          LogLine part = LogLine.parse(bytes).orElse(null);
          if (part == null) {
            return;
          }
          LogLine before = open.remove(stream);
          LogLine line = before == null ? part : before.with(part.text());
          if (line.ended() || line.text().length >= longestLine) {
            sink.line(line);
          } else {
            open.put(stream, line);
          }
        });
    for (LogLine line : open.values()) {
      sink.line(line);
    }
  }
}
