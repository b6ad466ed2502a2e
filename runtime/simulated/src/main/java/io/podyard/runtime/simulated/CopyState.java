package io.podyard.runtime.simulated;

import io.podyard.runtime.HeldImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a host is with the images of a cache.
 *
 * @param held all of them; null while some are not there
 * @param failure why one of them cannot be had; null if none failed
 */
record CopyState(
    long bytes,
    long totalBytes,
    long registryBytes,
    @Nullable List<HeldImage> held,
    @Nullable Failure failure) {

  record Failure(String reason, String message, int retryAfterSeconds) {}
}
