package io.podyard.runtime.pod;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * A container as the engine has it.
 *
 * @param container name in the group
 * @param epoch of the driver that made it
 */
public record ContainerView(
    String engineId, String container, int attempt, long epoch, Status status) {

  private static final int SIGNAL_BASE = 128;

  /** QUIT, ILL, TRAP, ABRT, BUS, FPE, SEGV, XCPU, XFSZ and SYS, as most machines number them. */
  private static final Set<Integer> CRASHES = Set.of(3, 4, 5, 6, 7, 8, 11, 24, 25, 31);

  /** What the engine says it does. */
  public sealed interface Status {

    /** Made, never started. */
    record Created() implements Status {}

    record Running(Instant since) implements Status {}

    /**
     * Ended.
     *
     * @param oomKilled whether the kernel killed it for memory
     * @param error the engine's own words if it could not run it, else empty
     * @param message what the container said of its end, empty if nothing
     */
    record Exited(
        int exitCode,
        boolean oomKilled,
        String error,
        String message,
        Instant startedAt,
        Instant finishedAt)
        implements Status {
      public Exited {
        error = PlainWords.message(error);
        // Engines of earlier releases tell of none.
        message = PlainWords.termination(Objects.requireNonNullElse(message, ""));
      }

      /** Whether it ended by a signal that has the kernel write a core dump, by its exit code. */
      boolean crashed() {
        return error.isEmpty() && CRASHES.contains(exitCode - SIGNAL_BASE);
      }

      /** Of one that said nothing of its end. */
      public Exited(
          int exitCode, boolean oomKilled, String error, Instant startedAt, Instant finishedAt) {
        this(exitCode, oomKilled, error, "", startedAt, finishedAt);
      }
    }
  }
}
