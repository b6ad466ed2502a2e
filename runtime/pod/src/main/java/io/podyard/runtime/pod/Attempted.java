package io.podyard.runtime.pod;

import java.time.Instant;
import java.util.Set;

/**
 * What this process did for a group and what became of it, as far as no engine shows it. It may be
 * forgotten at any time: then what was begun is begun again, which does no harm.
 *
 * @param begun long work that was begun
 * @param refusals attempts an engine would not make or start
 */
public record Attempted(Set<Begun> begun, Set<Refusal> refusals) {

  public static final Attempted NOTHING = new Attempted(Set.of(), Set.of());

  public Attempted {
    begun = Set.copyOf(begun);
    refusals = Set.copyOf(refusals);
  }

  /** Work that goes on in the engine after the call. */
  public sealed interface Begun {

    /** Without it a present image could not be told from one that was fetched again. */
    record Pull(String image, int retry) implements Begun {}

    /** Without it each look would send another stop signal. */
    record Stop(String engineId, Instant killAt) implements Begun {}

    /** Without it volumes of a sandbox that was never made could be left behind. */
    record Removal() implements Begun {}
  }

  public record Refusal(String container, int attempt, String reason, String message) {
    public Refusal {
      reason = PlainWords.reason(reason);
      message = PlainWords.message(message);
    }
  }
}
