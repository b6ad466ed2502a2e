package io.podyard.controlplane.container;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Calls to hosts for a caller who waits for the answer: limited in time, so that a host that hangs
 * holds nobody, and in number, so that many that hang hold nothing else up.
 */
@Component
class HostCalls {

  /** Counts those too whose caller has given up. */
  private static final int MOST_AT_ONCE = 256;

  private static final Logger log = LoggerFactory.getLogger(HostCalls.class);

  /** What is asked of a host. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws RuntimeUnavailableException, NoSuchContainerException;
  }

  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("host-call-", 0).factory());

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }

  /**
   * Makes a call.
   *
   * @param late what the caller is told if there is no answer in time
   * @throws NoSuchContainerException as the host says
   * @throws ApiException if the host does not answer in time, or too many calls are under way
   */
  <T> T within(Duration limit, String late, Call<T> call) throws NoSuchContainerException {
    if (!places.tryAcquire()) {
      throw new ApiException(
          ErrorCode.THROTTLING, "Too many logs and commands are waited for. Repeat the request.");
    }
    Future<T> answer =
        threads.submit(
            () -> {
              try {
                return call.make();
              } finally {
                places.release();
              }
            });
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      boolean _ = answer.cancel(true);
      throw new ApiException(ErrorCode.REQUEST_TIMEOUT, late, e);
    } catch (InterruptedException e) {
      boolean _ = answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ApiException(ErrorCode.REQUEST_TIMEOUT, late, e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case NoSuchContainerException none -> throw none;
        case RuntimeUnavailableException unavailable -> {
          log.info("a host did not answer: {}", unavailable.getMessage());
          throw new ApiException(ErrorCode.REQUEST_TIMEOUT, late, unavailable);
        }
        case null, default -> throw new IllegalStateException("a call to a host failed", e);
      }
    }
  }
}
