package io.podyard.runtime.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How checks come out with time: {@code fail:3s,pass:10s,fail} fails for three seconds after the
 * container's start, passes for ten and then fails for ever.
 */
record CheckPhases(List<Phase> phases) {

  CheckPhases {
    phases = List.copyOf(phases);
  }

  /**
   * @param from after the start
   */
  record Phase(Duration from, boolean passes) {}

  /**
   * @throws IllegalArgumentException if the text is not of this form
   */
  static CheckPhases of(String text) {
    List<Phase> phases = new ArrayList<>();
    Duration from = Duration.ZERO;
    String[] parts = text.split(",", -1);
    for (int i = 0; i < parts.length; i++) {
      String[] words = parts[i].strip().split(":", 2);
      boolean last = i == parts.length - 1;
      if (!List.of("pass", "fail").contains(words[0]) || (words.length == 1 && !last)) {
        throw bad(text);
      }
      phases.add(new Phase(from, words[0].equals("pass")));
      if (words.length == 2) {
        from = from.plus(ShellWords.duration(words[1]).orElseThrow(() -> bad(text)));
        if (last) {
          phases.add(new Phase(from, true));
        }
      }
    }
    return new CheckPhases(phases);
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "must look like fail:3s,pass:10s,fail, of pass and fail, not " + text);
  }

  boolean passAt(Duration ran) {
    return phases.stream()
        .filter(phase -> phase.from().compareTo(ran) <= 0)
        .reduce((_, later) -> later)
        .map(Phase::passes)
        .orElse(true);
  }
}
