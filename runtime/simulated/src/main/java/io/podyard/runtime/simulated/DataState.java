package io.podyard.runtime.simulated;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a host is with the content of a data cache.
 *
 * @param held all of it; null while it is not there
 * @param failure why it cannot be had; null if it can
 */
record DataState(
    long bytesRead,
    long bytesOnHost,
    long totalBytes,
    @Nullable HeldData held,
    @Nullable Failure failure) {

  private static final long LOOK_MILLIS = 20;

  record Failure(DataNotFetchedException.Reason reason, String message) {}

  /** A look at the host. */
  @FunctionalInterface
  interface Look {
    /** Empty if the host knows nothing of the cache. */
    Optional<DataState> state() throws RuntimeUnavailableException;
  }

  /** Waits by looking again and again: hosts tell no news of caches. */
  static HeldData await(Look look, DataProgress progress)
      throws RuntimeUnavailableException, DataNotFetchedException, InterruptedException {
    while (true) {
      DataState state =
          look.state()
              .orElseThrow(
                  () -> new RuntimeUnavailableException("the host has forgotten the data cache"));
      Failure failure = state.failure();
      if (failure != null) {
        throw new DataNotFetchedException(failure.reason(), failure.message());
      }
      progress.at(state.bytesRead(), state.bytesOnHost(), state.totalBytes());
      HeldData held = state.held();
      if (held != null) {
        return held;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }
}
