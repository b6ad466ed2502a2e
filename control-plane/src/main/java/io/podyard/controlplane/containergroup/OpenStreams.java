package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/** What clients follow while it happens: so many at most, and all of it ends with the server. */
public final class OpenStreams<S extends OpenStreams.Stream> {

  /** Something that goes on until it is closed, by whoever. */
  public interface Stream extends AutoCloseable {
    @Override
    void close();
  }

  private final String what;
  private final int most;
  private final Semaphore places;
  private final Set<S> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  /**
   * @param what is followed, for messages, such as "logs"
   */
  public OpenStreams(String what, int most) {
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
  public S open(Function<Consumer<S>, S> opening) {
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
  public int count() {
    return open.size();
  }

  public void start() {
    running = true;
  }

  /** Closes all of them. */
  public void stop() {
    running = false;
    open.forEach(Stream::close);
  }

  public boolean isRunning() {
    return running;
  }
}
