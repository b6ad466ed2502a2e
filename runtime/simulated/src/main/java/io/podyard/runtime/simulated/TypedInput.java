package io.podyard.runtime.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * What a terminal makes of what is typed: it shows it, hands it on line by line, and knows the keys
 * that edit a line, end the input and interrupt.
 */
final class TypedInput {

  private static final int INTERRUPT = 3;
  private static final int END = 4;
  private static final int BACKSPACE = 8;
  private static final int DELETE = 127;

  /** What is typed beyond it before the end of the line is dropped, as by a real terminal. */
  private static final int LONGEST_LINE = 4095;

  private final Consumer<byte[]> shown;
  private final Consumer<byte[]> lines;
  private final Runnable end;
  private final Runnable interrupt;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /**
   * @param shown takes what is to be seen of it
   * @param lines takes a line with its end, or the part before the end of the input
   */
  TypedInput(Consumer<byte[]> shown, Consumer<byte[]> lines, Runnable end, Runnable interrupt) {
    this.shown = shown;
    this.lines = lines;
    this.end = end;
    this.interrupt = interrupt;
  }

  void type(byte[] keys) {
    ByteArrayOutputStream echo = new ByteArrayOutputStream();
    for (byte key : keys) {
      switch (key) {
        case '\r', '\n' -> {
          echo.writeBytes(new byte[] {'\r', '\n'});
          line.write('\n');
          show(echo);
          hand();
        }
        case INTERRUPT -> {
          line.reset();
          echo.writeBytes("^C\r\n".getBytes(US_ASCII));
          show(echo);
          interrupt.run();
        }
        case END -> {
          show(echo);
          if (line.size() == 0) {
            end.run();
          } else {
            hand();
          }
        }
        case BACKSPACE, DELETE -> {
          byte[] before = line.toByteArray();
          if (before.length > 0) {
            line.reset();
            line.write(before, 0, before.length - 1);
            echo.writeBytes("\b \b".getBytes(US_ASCII));
          }
        }
        default -> {
          if (line.size() < LONGEST_LINE) {
            line.write(key);
            echo.write(key);
          }
        }
      }
    }
    show(echo);
  }

  private void show(ByteArrayOutputStream echo) {
    if (echo.size() > 0) {
      shown.accept(echo.toByteArray());
      echo.reset();
    }
  }

  private void hand() {
    byte[] typed = line.toByteArray();
    line.reset();
    lines.accept(typed);
  }
}
