package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.context.SmartLifecycle;

/** What clients follow while it happens: so many at most, and all of it ends with the server. */
public abstract class OpenStreams<S extends OpenStreams.Stream> implements SmartLifecycle {

  /** Something that goes on until it is closed, by whoever. */
  public abstract static class Stream implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);

    protected final boolean goesOn() {
      return closed.getCount() > 0;
    }

    /** Waits before the next look; no longer than it goes on. */
    protected final void pause(Duration time) {
      try {
        boolean _ = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        closed.countDown();
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private final String what;
  private final int most;
  private final Semaphore places;
  private final Set<S> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  /**
   * @param what is followed, for messages, such as "logs"
   */
  protected OpenStreams(String what, int most) {
    this.what = what;
    this.most = most;
    this.places = new Semaphore(most);
  }

  /**
   * Opens a stream; the caller reads it and closes it.
   *
   * @param opening makes it; it tells the consumer when it is closed
   * @throws ApiException if there are too many
   */
  protected final S open(Function<Consumer<S>, S> opening) {
    if (!running || !places.tryAcquire()) {
      throw new ApiException(
          ErrorCode.THROTTLING,
          "This server follows %d %s at most, or is stopping. Try again.".formatted(most, what));
    }
    S stream = opening.apply(this::over);
    open.add(stream);
    if (!running) {
      stream.close();
    }
    return stream;
  }

  private void over(S stream) {
    if (open.remove(stream)) {
      places.release();
    }
  }

  /** How many are open. */
  public final int count() {
    return open.size();
  }

  @Override
  public final void start() {
    running = true;
  }

  /** Before the web server waits for what is under way. */
  @Override
  public final void stop() {
    running = false;
    open.forEach(Stream::close);
  }

  @Override
  public final boolean isRunning() {
    return running;
  }
}
