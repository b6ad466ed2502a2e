package io.podyard.runtime.pod;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Does work when the clock was stepped and somebody says so, in the order of its times. */
final class SteppedTimer implements Timer {

  private record Due(Instant when, Runnable work) {}

  private final SteppedClock clock;
  private final List<Due> waiting = new ArrayList<>();
  private boolean closed;

  SteppedTimer(SteppedClock clock) {
    this.clock = clock;
  }

  @Override
  public void at(Instant when, Runnable work) {
    if (!closed) {
      waiting.add(new Due(when, work));
    }
  }

  void runDue() {
    for (Optional<Due> due = due(); due.isPresent(); due = due()) {
      waiting.remove(due.get());
      due.get().work().run();
    }
  }

  private Optional<Due> due() {
    return waiting.stream()
        .filter(d -> !d.when().isAfter(clock.instant()))
        .min(Comparator.comparing(Due::when));
  }

  Optional<Instant> next() {
    return waiting.stream()
        .map(Due::when)
        .filter(when -> when.isAfter(clock.instant()))
        .min(Instant::compareTo);
  }

  @Override
  public void close() {
    closed = true;
    waiting.clear();
  }
}
