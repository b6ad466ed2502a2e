package io.podyard.runtime.docker.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A body that fails when nothing comes for too long, instead of holding its reader for ever. */
final class WatchedBody extends FilterInputStream {

  private final Duration stall;
  private final Future<?> watch;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean stalled;

  WatchedBody(InputStream body, Duration stall, ScheduledExecutorService clock) {
    super(body);
    this.stall = stall;
    long period = Math.max(stall.toNanos() / 4, 1_000_000);
    this.watch = clock.scheduleAtFixedRate(this::look, period, period, TimeUnit.NANOSECONDS);
  }

  private void look() {
    if (System.nanoTime() - lastNanos > stall.toNanos()) {
      stalled = true;
      watch.cancel(false);
      try {
        in.close();
      } catch (IOException e) {
        // It is being given up anyway; its reader is woken by the end of the stream.
        lastNanos = System.nanoTime();
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    int n;
    try {
      n = in.read(to, offset, length);
    } catch (IOException e) {
      throw stalled ? stall(e) : e;
    }
    if (stalled) {
      throw stall(null);
    }
    lastNanos = System.nanoTime();
    return n;
  }

  private IOException stall(@Nullable IOException cause) {
    return new IOException("no data came for " + stall.toMillis() + " ms", cause);
  }

  @Override
  public void close() throws IOException {
    watch.cancel(false);
    super.close();
  }
}
