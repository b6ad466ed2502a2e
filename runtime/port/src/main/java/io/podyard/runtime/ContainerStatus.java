package io.podyard.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a container does right now (contract section 5). */
public sealed interface ContainerStatus {

  /**
   * Not running: not yet started, or between two attempts.
   *
   * @param reason for example {@code PodInitializing}, {@code ErrImagePull}, {@code
   *     ImagePullBackOff}, {@code CrashLoopBackOff}
   */
  record Waiting(String reason, String message) implements ContainerStatus {}

  record Running(Instant since) implements ContainerStatus {}

  /**
   * Ended.
   *
   * @param exitCode the process's own, or 128 + signal
   * @param signal the signal that ended it, 0 if none
   * @param reason {@code Completed}, {@code Error}, {@code OOMKilled}, {@code ContainerCannotRun}
   * @param startedAt null if it never ran
   */
  record Terminated(
      int exitCode,
      int signal,
      String reason,
      String message,
      @Nullable Instant startedAt,
      Instant finishedAt)
      implements ContainerStatus {

    public boolean succeeded() {
      return exitCode == 0;
    }
  }
}
