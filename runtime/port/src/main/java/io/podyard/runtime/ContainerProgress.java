package io.podyard.runtime;

import io.podyard.runtime.ContainerStatus.Terminated;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of one container of a group.
 *
 * @param attempt number of the newest attempt that may exist on the host; 0 before the first. It is
 *     stored before the container is made, so an object with another number is not ours to keep.
 * @param restarts ended attempts that were followed by another
 * @param previous how the attempt before ended, null if there was none
 * @param backOffSeconds the last delay before an attempt, 0 if none
 * @param notBefore when the next attempt may be made, set only between two attempts
 * @param firstStartedAt when it ran for the first time, null if it never did; later attempts that
 *     could not be made or started leave it as it is
 * @param ready whether it runs and its readiness probe, if it has one, passes
 * @param unready why its readiness probe does not pass, empty if it does or has not failed yet
 * @param revision of the {@link ContainerSpec} that the newest attempt was made from
 * @param readyChangedAt when it became ready or stopped being so; null if it never was ready, and
 *     in rows of earlier releases
 */
public record ContainerProgress(
    String name,
    int attempt,
    int restarts,
    ContainerStatus current,
    @Nullable Terminated previous,
    int backOffSeconds,
    @Nullable Instant notBefore,
    @Nullable Instant firstStartedAt,
    boolean ready,
    String unready,
    long revision,
    @Nullable Instant readyChangedAt) {

  /** Of a container that never was ready, or of which that is said by {@link #readyChanged}. */
  public ContainerProgress(
      String name,
      int attempt,
      int restarts,
      ContainerStatus current,
      @Nullable Terminated previous,
      int backOffSeconds,
      @Nullable Instant notBefore,
      @Nullable Instant firstStartedAt,
      boolean ready,
      String unready,
      long revision) {
    this(
        name,
        attempt,
        restarts,
        current,
        previous,
        backOffSeconds,
        notBefore,
        firstStartedAt,
        ready,
        unready,
        revision,
        null);
  }

  public ContainerProgress {
    unready = Objects.requireNonNullElse(unready, ""); // rows of earlier releases have none
  }

  /** Of a container that nothing was done for yet. */
  public static ContainerProgress initial(ContainerSpec spec) {
    return new ContainerProgress(
        spec.name(),
        0,
        0,
        new ContainerStatus.Waiting("Scheduling", "waits for a host"),
        null,
        0,
        null,
        null,
        false,
        "",
        spec.revision());
  }

  /** The same doing something else; what does not run is not ready. */
  public ContainerProgress with(ContainerStatus other) {
    boolean runs = other instanceof ContainerStatus.Running;
    return new ContainerProgress(
        name,
        attempt,
        restarts,
        other,
        previous,
        backOffSeconds,
        notBefore,
        firstStartedAt,
        ready && runs,
        runs ? unready : "",
        revision,
        readyChangedAt);
  }

  /** The same, ready or not. */
  public ContainerProgress ready(boolean other, String why) {
    return new ContainerProgress(
        name,
        attempt,
        restarts,
        current,
        previous,
        backOffSeconds,
        notBefore,
        firstStartedAt,
        other,
        why,
        revision,
        readyChangedAt);
  }

  /** The same with its first start known. */
  public ContainerProgress firstStarted(@Nullable Instant at) {
    return new ContainerProgress(
        name,
        attempt,
        restarts,
        current,
        previous,
        backOffSeconds,
        notBefore,
        at,
        ready,
        unready,
        revision,
        readyChangedAt);
  }

  /** The same with the time at which it became ready, or stopped being so. */
  public ContainerProgress readyChanged(@Nullable Instant at) {
    return new ContainerProgress(
        name,
        attempt,
        restarts,
        current,
        previous,
        backOffSeconds,
        notBefore,
        firstStartedAt,
        ready,
        unready,
        revision,
        at);
  }
}
