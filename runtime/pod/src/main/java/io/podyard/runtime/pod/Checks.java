package io.podyard.runtime.pod;

import io.podyard.runtime.CheckResult;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the probes and hooks that this process does found so far.
 *
 * @param verdicts at most one for each container
 * @param hookEnds hooks that are through
 */
public record Checks(List<Verdict> verdicts, List<HookEnd> hookEnds) {

  public static final Checks NONE = new Checks(List.of(), List.of());

  public Checks {
    verdicts = List.copyOf(verdicts);
    hookEnds = List.copyOf(hookEnds);
  }

  /** When a hook is done. */
  public enum Hook {
    POST_START("PostStart"),
    PRE_STOP("PreStop");

    private final String word;

    Hook(String word) {
      this.word = word;
    }

    /** As it is written in the reasons of events. */
    String word() {
      return word;
    }
  }

  /**
   * Of one attempt of a container.
   *
   * @param ready whether its readiness probe passes, null before it is known
   * @param unready why it does not pass, empty unless it does not
   * @param dead why it is to be killed, null unless its liveness probe failed
   */
  public record Verdict(
      String container,
      int attempt,
      @Nullable Boolean ready,
      String unready,
      @Nullable String dead) {
    public Verdict {
      unready = PlainWords.message(unready);
      dead = dead == null ? null : PlainWords.message(dead);
    }
  }

  /** The end of one hook of one attempt. */
  public record HookEnd(Hook hook, String container, int attempt, CheckResult result) {}

  Optional<Verdict> verdict(String container, int attempt) {
    return verdicts.stream()
        .filter(v -> v.container().equals(container) && v.attempt() == attempt)
        .findFirst();
  }

  Optional<CheckResult> end(Hook hook, String container, int attempt) {
    return hookEnds.stream()
        .filter(e -> e.hook() == hook && e.container().equals(container) && e.attempt() == attempt)
        .map(HookEnd::result)
        .findFirst();
  }
}
