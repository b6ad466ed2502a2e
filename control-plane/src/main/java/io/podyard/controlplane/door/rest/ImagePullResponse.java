package io.podyard.controlplane.door.rest;

import io.podyard.runtime.PullProgress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the fetch of an image of a group is.
 *
 * @param totalBytes absent while nobody knows
 * @param snapshotId of the image cache whose content was used, absent for none
 * @param reason why the last try failed, absent if none did
 */
record ImagePullResponse(
    String image,
    String status,
    long bytes,
    @Nullable Long totalBytes,
    long registryBytes,
    @Nullable String snapshotId,
    int failures,
    @Nullable String reason,
    @Nullable String message,
    Instant startTime,
    @Nullable Instant finishTime,
    @Nullable Instant nextTryTime) {

  static ImagePullResponse of(PullProgress pull) {
    return new ImagePullResponse(
        pull.image(),
        pull.finishedAt() != null ? "Pulled" : pull.notBefore() != null ? "BackOff" : "Pulling",
        pull.bytes(),
        pull.totalBytes() == 0 ? null : pull.totalBytes(),
        pull.registryBytes(),
        given(pull.cache()),
        pull.failures(),
        given(pull.reason()),
        given(pull.message()),
        pull.startedAt(),
        pull.finishedAt(),
        pull.notBefore());
  }

  private static @Nullable String given(String text) {
    return text.isEmpty() ? null : text;
  }
}
