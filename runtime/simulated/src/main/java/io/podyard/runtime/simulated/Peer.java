package io.podyard.runtime.simulated;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One end of a connection: frames of a four byte length and that many bytes. One thread reads, one
 * writes all that gathered since it last wrote; whoever sends never waits for the other end.
 */
final class Peer implements AutoCloseable {

  /** Logs of 10 MiB are the largest content. */
  private static final int LONGEST_FRAME = 32 * 1024 * 1024;

  /** An end that lets this much gather does not read any more and is given up. */
  private static final int MOST_PENDING = 64 * 1024 * 1024;

  private static final int KEPT_BUFFER = 1024 * 1024;
  private static final int READ_SIZE = 64 * 1024;

  private final SocketChannel channel;
  private final Consumer<byte[]> received;
  private final Runnable closed;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private ByteArrayOutputStream pending = new ByteArrayOutputStream();

  /**
   * @param received called with each frame, on the reading thread
   * @param closed called once, when the connection is over for whatever reason
   */
  Peer(SocketChannel channel, Consumer<byte[]> received, Runnable closed) {
    this.channel = channel;
    this.received = received;
    this.closed = closed;
  }

  void start(String name) {
    Thread _ = Thread.ofPlatform().daemon().name(name + "-read").start(this::read);
    Thread _ = Thread.ofPlatform().daemon().name(name + "-write").start(this::write);
  }

  /** The same with threads that cost next to nothing, for ends of which there are many. */
  void startOneOfMany(String name) {
    Thread _ = Thread.ofVirtual().name(name + "-read").start(this::read);
    Thread _ = Thread.ofVirtual().name(name + "-write").start(this::write);
  }

  /** Whether the frame was taken; that says nothing about its arrival. */
  boolean send(byte[] frame) {
    lock.lock();
    try {
      if (!open.get()) {
        return false;
      }
      if (pending.size() + frame.length + Integer.BYTES <= MOST_PENDING) {
        pending.writeBytes(
            new byte[] {
              (byte) (frame.length >> 24),
              (byte) (frame.length >> 16),
              (byte) (frame.length >> 8),
              (byte) frame.length
            });
        pending.writeBytes(frame);
        filled.signal();
        return true;
      }
    } finally {
      lock.unlock();
    }
    close();
    return false;
  }

  /** As {@link #send}, once all that was sent before is on its way; a slow end is waited for. */
  boolean sendInTurn(byte[] frame) {
    lock.lock();
    try {
      while (open.get() && pending.size() > 0) {
        drained.awaitUninterruptibly();
      }
      return send(frame);
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    ByteArrayOutputStream writing = new ByteArrayOutputStream();
    try {
      while (true) {
        lock.lock();
        try {
          while (pending.size() == 0) {
            if (!open.get()) {
              return;
            }
            filled.await();
          }
          ByteArrayOutputStream full = pending;
          pending = writing;
          writing = full;
          drained.signalAll();
        } finally {
          lock.unlock();
        }
        ByteBuffer bytes = ByteBuffer.wrap(writing.toByteArray());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        if (bytes.capacity() > KEPT_BUFFER) {
          writing = new ByteArrayOutputStream();
        } else {
          writing.reset();
        }
      }
    } catch (IOException e) {
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
    }
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocate(READ_SIZE);
    try {
      while (channel.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.remaining() >= Integer.BYTES) {
          int length = buffer.getInt(buffer.position());
          if (length < 0 || length > LONGEST_FRAME) {
            throw new EOFException("no frame is " + length + " bytes long");
          }
          if (buffer.remaining() < Integer.BYTES + length) {
            if (buffer.capacity() < Integer.BYTES + length) {
              buffer = ByteBuffer.allocate(Integer.BYTES + length).put(buffer).flip();
            }
            break;
          }
          byte[] frame = new byte[length];
          buffer.position(buffer.position() + Integer.BYTES);
          buffer.get(frame);
          received.accept(frame);
        }
        if (!buffer.hasRemaining() && buffer.capacity() > KEPT_BUFFER) {
          buffer = ByteBuffer.allocate(READ_SIZE);
        } else {
          buffer.compact();
        }
      }
    } catch (IOException e) {
      // The other end is gone or speaks something else; both end the connection.
    } finally {
      close();
    }
  }

  boolean isOpen() {
    return open.get();
  }

  @Override
  public void close() {
    if (!open.compareAndSet(true, false)) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // Closed anyway.
    }
    lock.lock();
    try {
      filled.signalAll();
      drained.signalAll();
    } finally {
      lock.unlock();
    }
    closed.run();
  }
}
