package io.podyard.runtime.simulated;

import io.podyard.runtime.ExecSession;
import io.podyard.runtime.RuntimeUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** A command in a simulated container of another process. */
final class RemoteCommand implements ExecSession {

  private final TalkConnection talk;
  private volatile boolean ended;
  private int exitCode;

  RemoteCommand(TalkConnection talk) {
    this.talk = talk;
  }

  @Override
  public Optional<Chunk> read() throws RuntimeUnavailableException {
    try {
      while (!ended) {
        byte[] frame = talk.frame();
        switch (frame[0]) {
          case TalkFrame.OUTPUT -> {
            return Optional.of(new Chunk(Source.OUTPUT, rest(frame)));
          }
          case TalkFrame.ERROR -> {
            return Optional.of(new Chunk(Source.ERROR, rest(frame)));
          }
          case TalkFrame.END -> {
            exitCode = ByteBuffer.wrap(frame, 1, Integer.BYTES).getInt();
            ended = true;
          }
          default -> {
            // It only shows that the process is there.
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      if (talk.isClosed()) {
        return Optional.empty();
      }
      throw new RuntimeUnavailableException("the connection to the simulated hosts broke", e);
    }
  }

  private static byte[] rest(byte[] frame) {
    return Arrays.copyOfRange(frame, 1, frame.length);
  }

  @Override
  public void write(byte[] bytes) {
    for (int at = 0; at < bytes.length; at += MOST_BYTES) {
      int end = Math.min(bytes.length, at + MOST_BYTES);
      talk.send(TalkFrame.of(TalkFrame.INPUT, Arrays.copyOfRange(bytes, at, end)));
    }
  }

  @Override
  public void endInput() {
    talk.send(new byte[] {TalkFrame.END_OF_INPUT});
  }

  @Override
  public void resize(int columns, int rows) {
    talk.send(
        TalkFrame.of(
            TalkFrame.SIZE,
            ByteBuffer.allocate(2 * Short.BYTES)
                .putShort((short) columns)
                .putShort((short) rows)
                .array()));
  }

  @Override
  public int exitCode() throws RuntimeUnavailableException {
    if (!ended) {
      throw new RuntimeUnavailableException("nobody knows how the command ended");
    }
    return exitCode;
  }

  /** The process ends the command when it sees the end of the connection. */
  @Override
  public void close() {
    talk.close();
  }
}
