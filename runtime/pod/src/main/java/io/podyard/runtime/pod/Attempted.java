package io.podyard.runtime.pod;

import java.time.Instant;
import java.util.Set;

/**
 * What this process did for a group and what became of it, as far as no engine shows it. It may be
 * forgotten at any time: then what was begun is begun again, which does no harm.
 *
 * @param begun long work that was begun
 * @param refusals attempts an engine would not make or start
 * @param checks what probes and hooks found
 */
public record Attempted(Set<Begun> begun, Set<Refusal> refusals, Checks checks) {

  public static final Attempted NOTHING = new Attempted(Set.of(), Set.of(), Checks.NONE);

  public Attempted {
    begun = Set.copyOf(begun);
    refusals = Set.copyOf(refusals);
  }

  boolean hasBegun(Checks.Hook hook, String container, int attempt) {
    return begun.stream()
        .anyMatch(
            work ->
                work instanceof Begun.Hook(var which, String of, int number, _)
                    && which == hook
                    && of.equals(container)
                    && number == attempt);
  }

  /** Work that goes on in the engine after the call. */
  public sealed interface Begun {

    /** Without it a present image could not be told from one that was fetched again. */
    record Pull(String image, int retry) implements Begun {}

    /** Without it each look would send another stop signal. */
    record Stop(String engineId, Instant killAt) implements Begun {}

    /** Without it volumes of a sandbox that was never made could be left behind. */
    record Removal() implements Begun {}

    /**
     * Without it each look would do the hook again.
     *
     * @param until when it is given up
     */
    record Hook(Checks.Hook hook, String container, int attempt, Instant until) implements Begun {}

    /** Without it nothing would tell that the sandbox was brought to a generation of the spec. */
    record SandboxUpdate(long generation) implements Begun {}
  }

  public record Refusal(String container, int attempt, String reason, String message) {
    public Refusal {
      reason = PlainWords.reason(reason);
      message = PlainWords.message(message);
    }
  }
}
