package io.podyard.runtime.simulated;

import io.podyard.runtime.ExecSession;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A talk as the process of the simulated hosts carries it on, on threads of its own. */
abstract sealed class ServedTalk implements AutoCloseable {

  /** A client that is gone is seen by sending to it, where it can no longer be heard. */
  private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(2);

  private static final int LONGEST_LINE = LogStream.LONGEST_LINE;

  final Peer peer;

  private ServedTalk(Peer peer) {
    this.peer = peer;
  }

  /** Carries on until all is said. */
  void start() {
    Thread _ = Thread.ofVirtual().name("simulated-talk").start(this::tellAll);
    Thread _ = Thread.ofVirtual().name("simulated-talk-signs").start(this::giveSigns);
  }

  private void tellAll() {
    int code = 0;
    try {
      code = tell();
    } catch (RuntimeUnavailableException | NoSuchContainerException e) {
      throw new IllegalStateException("a host in this process is always there", e);
    } finally {
      boolean _ =
          peer.sendInTurn(
              TalkFrame.of(TalkFrame.END, ByteBuffer.allocate(Integer.BYTES).putInt(code).array()));
    }
  }

  private void giveSigns() {
    try {
      while (peer.sendInTurn(new byte[] {TalkFrame.ALIVE})) {
        Thread.sleep(BETWEEN_SIGNS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells all there is; the exit code. */
  abstract int tell() throws RuntimeUnavailableException, NoSuchContainerException;

  /** Takes a frame of the client; holds it up until it is taken. */
  abstract void received(byte[] frame);

  @Override
  public abstract void close();

  /** A command. */
  static final class OfCommand extends ServedTalk {

    private final ExecSession session;

    OfCommand(Peer peer, ExecSession session) {
      super(peer);
      this.session = session;
    }

    @Override
    int tell() throws RuntimeUnavailableException, NoSuchContainerException {
      Optional<ExecSession.Chunk> chunk = session.read();
      while (chunk.isPresent()) {
        byte kind =
            switch (chunk.get().source()) {
              case OUTPUT -> TalkFrame.OUTPUT;
              case ERROR -> TalkFrame.ERROR;
            };
        if (!peer.sendInTurn(TalkFrame.of(kind, chunk.get().bytes()))) {
          break;
        }
        chunk = session.read();
      }
      return session.exitCode();
    }

    @Override
    void received(byte[] frame) {
      if (frame.length == 0) {
        return;
      }
      switch (frame[0]) {
        case TalkFrame.INPUT -> session.write(Arrays.copyOfRange(frame, 1, frame.length));
        case TalkFrame.END_OF_INPUT -> session.endInput();
        case TalkFrame.SIZE -> {
          if (frame.length == 1 + 2 * Short.BYTES) {
            resize(ByteBuffer.wrap(frame, 1, 2 * Short.BYTES));
          }
        }
        default -> {
          // A later release may say more.
        }
      }
    }

    private void resize(ByteBuffer size) {
      try {
        session.resize(Short.toUnsignedInt(size.getShort()), Short.toUnsignedInt(size.getShort()));
      } catch (RuntimeUnavailableException e) {
        throw new IllegalStateException("a host in this process is always there", e);
      }
    }

    @Override
    public void close() {
      session.close();
    }
  }

  /** A log. */
  static final class OfLog extends ServedTalk {

    private final LogStream log;

    OfLog(Peer peer, LogStream log) {
      super(peer);
      this.log = log;
    }

    @Override
    int tell() throws RuntimeUnavailableException {
      log.forEach(
          (time, text) -> {
            int length = Math.min(text.length, LONGEST_LINE);
            return peer.sendInTurn(
                ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES + length)
                    .put(TalkFrame.LINE)
                    .putLong(time.getEpochSecond())
                    .putInt(time.getNano())
                    .put(text, 0, length)
                    .array());
          });
      return 0;
    }

    @Override
    void received(byte[] frame) {
      // There is nothing to be said to a log.
    }

    @Override
    public void close() {
      log.close();
    }
  }
}
