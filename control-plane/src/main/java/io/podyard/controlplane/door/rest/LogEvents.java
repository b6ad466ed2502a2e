package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.controlplane.container.FollowedLog;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes a log as server-sent events. A thread beside sends what was written a moment ago, and now
 * and then a comment, so that a client that is gone is noticed also while nothing is written.
 */
final class LogEvents implements FollowedLog.Listener, AutoCloseable {

  private static final Duration BETWEEN_SENDS = Duration.ofMillis(100);
  private static final int SENDS_BETWEEN_SIGNS = 150;

  private final OutputStream out;
  private final boolean timestamps;
  private final Runnable gone;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean unsent = true;
  private int quiet;

  /**
   * @param gone called when the client does not take anything any more
   */
  LogEvents(OutputStream out, boolean timestamps, Runnable gone) {
    this.out = out;
    this.timestamps = timestamps;
    this.gone = gone;
    Thread _ = Thread.ofVirtual().name("log-events").start(this::send);
  }

  private void send() {
    try {
      while (!over.await(BETWEEN_SENDS.toMillis(), TimeUnit.MILLISECONDS)) {
        lock.lock();
        try {
          if (over.getCount() == 0) {
            return; // the stream is the server's again
          }
          quiet++;
          if (quiet >= SENDS_BETWEEN_SIGNS) {
            write(": still here\n\n");
          }
          if (unsent) {
            unsent = false;
            out.flush();
          }
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException e) {
      gone.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run(int number) throws IOException {
    event("event: run\n", Integer.toString(number));
  }

  @Override
  public void line(Instant time, byte[] text) throws IOException {
    String line = new String(text, UTF_8);
    event("id: " + time + "\n", timestamps ? time + " " + line : line);
  }

  @Override
  public void end(String reason) throws IOException {
    event("event: end\n", reason);
  }

  /** A line of the log may hold characters that end a line of the events; then it has several. */
  private void event(String head, String data) throws IOException {
    StringBuilder event = new StringBuilder(head);
    for (String part : data.split("\r\n|[\r\n]", -1)) {
      event.append("data: ").append(part).append('\n');
    }
    lock.lock();
    try {
      write(event.append('\n').toString());
    } finally {
      lock.unlock();
    }
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    unsent = true;
    quiet = 0;
  }

  @Override
  public void close() {
    over.countDown();
    lock.lock();
    lock.unlock(); // whoever was sending has ended
  }
}
