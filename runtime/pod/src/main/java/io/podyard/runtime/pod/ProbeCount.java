package io.podyard.runtime.pod;

import io.podyard.runtime.CheckResult;
import io.podyard.runtime.Probe;
import org.jspecify.annotations.Nullable;

/** What came of one probe of one attempt so far. Used by one thread at a time. */
final class ProbeCount {

  private final Probe probe;
  private int successes;
  private int failures;
  private volatile Outcome outcome = Outcome.UNKNOWN;

  /**
   * @param passing null before a threshold was reached
   * @param output of the check that decided
   */
  record Outcome(@Nullable Boolean passing, String output) {
    static final Outcome UNKNOWN = new Outcome(null, "");

    boolean failed() {
      return Boolean.FALSE.equals(passing);
    }
  }

  ProbeCount(Probe probe) {
    this.probe = probe;
  }

  Probe probe() {
    return probe;
  }

  Outcome outcome() {
    return outcome;
  }

  /** Counts a result; whether the outcome is another one now. */
  boolean count(CheckResult result) {
    if (result.passed()) {
      failures = 0;
      successes = Math.min(successes + 1, probe.successThreshold());
      return successes == probe.successThreshold() && becomes(true, "");
    }
    successes = 0;
    failures = Math.min(failures + 1, probe.failureThreshold());
    return failures == probe.failureThreshold() && becomes(false, result.output());
  }

  private boolean becomes(boolean passing, String output) {
    if (Boolean.valueOf(passing).equals(outcome.passing())) {
      return false;
    }
    outcome = new Outcome(passing, output);
    return true;
  }
}
