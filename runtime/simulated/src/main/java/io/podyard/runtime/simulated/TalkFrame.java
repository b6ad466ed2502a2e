package io.podyard.runtime.simulated;

/** The first byte of each frame of a talk, which says what the rest of it is. */
final class TalkFrame {

  /** To the command: input. */
  static final byte INPUT = 0;

  /** To the command: there is no more input. */
  static final byte END_OF_INPUT = 1;

  /** To the command: columns and rows of its terminal, two bytes each. */
  static final byte SIZE = 2;

  /** From the command: output. */
  static final byte OUTPUT = 3;

  /** From the command: errors. */
  static final byte ERROR = 4;

  /** A line of a log: seconds (8 bytes), nanoseconds (4 bytes) and the text. */
  static final byte LINE = 5;

  /** From the process: all is said; the exit code (4 bytes). */
  static final byte END = 6;

  /** From the process: nothing, but it shows whether anybody is there. */
  static final byte ALIVE = 7;

  /** Bytes of the longest frame: a line and what is before it. */
  static final int LONGEST = 128 * 1024;

  private TalkFrame() {}

  static byte[] of(byte kind, byte[] rest) {
    byte[] frame = new byte[rest.length + 1];
    frame[0] = kind;
    System.arraycopy(rest, 0, frame, 1, rest.length);
    return frame;
  }
}
