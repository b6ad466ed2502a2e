package io.podyard.runtime.simulated;

import io.podyard.runtime.RuntimeUnavailableException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;

/**
 * A connection for one talk with the process. It is one of its own, so that who does not read holds
 * up nobody else. One thread reads, any may write.
 */
final class TalkConnection implements AutoCloseable {

  private final SocketChannel channel;
  private final DataInputStream in;
  private final OutputStream out;
  private volatile boolean closed;

  private TalkConnection(SocketChannel channel) {
    this.channel = channel;
    this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    this.out = Channels.newOutputStream(channel);
  }

  /**
   * Connects and asks for a talk.
   *
   * @param timeout for the answer
   * @throws CallFailedException if the process answers with a failure of another kind
   */
  static TalkConnection open(
      Path socket, Call.Talk call, Duration timeout, ScheduledExecutorService timer)
      throws RuntimeUnavailableException {
    TalkConnection talk;
    try {
      talk = new TalkConnection(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    } catch (IOException e) {
      throw new RuntimeUnavailableException("no simulated hosts answer at " + socket, e);
    }
    Future<?> deadline = timer.schedule(talk::close, timeout.toMillis(), TimeUnit.MILLISECONDS);
    boolean open = false;
    try {
      talk.write(WireJson.MAPPER.writeValueAsBytes(new Reply.Request(1, call)));
      Reply.Failure failure = WireJson.TOLERANT.readValue(talk.frame(), Reply.class).failure();
      open = failure == null && deadline.cancel(false);
      if (open) {
        return talk;
      }
      if (failure != null && failure.kind() != Reply.Kind.UNAVAILABLE) {
        throw new CallFailedException(failure);
      }
      throw new RuntimeUnavailableException(
          failure == null ? "the simulated hosts did not answer in time" : failure.message());
    } catch (IOException | JacksonException e) {
      throw new RuntimeUnavailableException("the simulated hosts did not answer", e);
    } finally {
      if (!open) {
        talk.close();
      }
    }
  }

  /** The next frame; waits for it. */
  byte[] frame() throws IOException {
    int length = in.readInt();
    if (length < 1 || length > TalkFrame.LONGEST) {
      throw new IOException("no frame is " + length + " bytes long");
    }
    byte[] frame = new byte[length];
    in.readFully(frame);
    return frame;
  }

  /** Sends a frame and waits until it is taken; it may be lost. */
  void send(byte[] frame) {
    try {
      write(frame);
    } catch (IOException e) {
      // Whoever reads hears of it.
    }
  }

  private synchronized void write(byte[] frame) throws IOException {
    byte[] framed =
        ByteBuffer.allocate(Integer.BYTES + frame.length).putInt(frame.length).put(frame).array();
    out.write(framed);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Closed anyway.
    }
  }
}
