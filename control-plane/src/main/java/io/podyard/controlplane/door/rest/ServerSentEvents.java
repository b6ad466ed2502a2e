package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes server-sent events. A thread beside sends what was written a moment ago, and now and then
 * a comment, so that a client that is gone is noticed also while nothing is written.
 */
final class ServerSentEvents implements AutoCloseable {

  private static final Duration BETWEEN_SENDS = Duration.ofMillis(100);
  private static final int SENDS_BETWEEN_SIGNS = 150;

  private final OutputStream out;
  private final Runnable gone;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean unsent = true;
  private int quiet;

  /**
   * @param gone called when the client does not take anything any more
   */
  ServerSentEvents(OutputStream out, Runnable gone) {
    this.out = out;
    this.gone = gone;
    Thread _ = Thread.ofVirtual().name("server-sent-events").start(this::send);
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

  /**
   * Writes an event. The data may hold characters that end a line of the events; then it has
   * several.
   *
   * @param id empty for none
   * @param name empty for none
   */
  void event(String id, String name, String data) throws IOException {
    StringBuilder event = new StringBuilder();
    if (!id.isEmpty()) {
      event.append("id: ").append(id).append('\n');
    }
    if (!name.isEmpty()) {
      event.append("event: ").append(name).append('\n');
    }
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
