package io.podyard.runtime.simulated;

import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits for the images of a cache by looking again and again: hosts tell no news of caches. */
final class CopyWait {

  private static final long LOOK_MILLIS = 20;

  private CopyWait() {}

  /** A look at the host. */
  @FunctionalInterface
  interface Look {
    /** Empty if the host knows nothing of the cache. */
    Optional<CopyState> state() throws RuntimeUnavailableException;
  }

  static List<HeldImage> until(Look look, CopyProgress progress)
      throws RuntimeUnavailableException, ImageNotFetchedException, InterruptedException {
    while (true) {
      CopyState state =
          look.state()
              .orElseThrow(
                  () -> new RuntimeUnavailableException("the host has forgotten the image cache"));
      progress.at(state.bytes(), state.totalBytes(), state.registryBytes());
      CopyState.Failure failure = state.failure();
      if (failure != null) {
        throw new ImageNotFetchedException(
            failure.reason(), failure.message(), failure.retryAfterSeconds());
      }
      List<HeldImage> held = state.held();
      if (held != null) {
        return held;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }
}
