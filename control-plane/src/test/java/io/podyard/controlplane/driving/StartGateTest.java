package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.model.HostId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Starts that wait while others are bound, by a clock that the test sets. */
class StartGateTest {

  private static final HostId HOST = new HostId("host");

  /** Enough callers at once that it is much. */
  private static final int CALLERS = 64;

  private final AtomicLong nanos = new AtomicLong();
  private final BindingLoad load = new BindingLoad(nanos::get);
  private final AtomicInteger backlog = new AtomicInteger();
  private final List<Integer> started = new ArrayList<>();
  private double share = 1;
  private final StartGate gate =
      new StartGate(load, () -> share, (host, task) -> task.run(), backlog::get, nanos::get);

  private void add(int from, int to) {
    for (int i = from; i < to; i++) {
      int number = i;
      gate.add(HOST, () -> started.add(number));
    }
  }

  private void callersCome() {
    for (int i = 0; i < CALLERS; i++) {
      load.begin();
    }
  }

  private void callersGo(int groupsOfEach) {
    for (int i = 0; i < CALLERS; i++) {
      load.end(groupsOfEach);
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    gate.look();
  }

  @Test
  void atEaseAGroupIsStartedAtOnce() {
    load.begin();
    add(0, 100);
    assertThat(started).hasSize(100);
  }

  @Test
  void whileManyAreBoundOneIsStartedForSoManyOfThemInTheirOrder() {
    callersCome();
    add(0, 1000);
    assertThat(started).isEmpty();

    callersGo(10);
    callersCome();
    pass(Duration.ZERO);

    assertThat(started).hasSize(CALLERS * 10 / StartGate.BOUND_PER_START).isSorted();
    assertThat(gate.waiting()).isEqualTo(1000 - started.size());
  }

  @Test
  void callersThatAllHangKeepNothingOut() {
    callersCome();
    add(0, 200);
    for (int i = 0; i < 1_000 && started.size() < 200; i++) {
      pass(StartGate.LOOK);
    }
    assertThat(started).hasSize(200);
    assertThat(nanos.get())
        .isBetween(Duration.ofMillis(9_900).toNanos(), Duration.ofMillis(10_100).toNanos());
  }

  @Test
  void ofTheStartsThatComeInAnyCaseAProcessHasItsShare() {
    share = 0.25;
    callersCome();
    add(0, 200);
    for (int i = 0; i < 400; i++) {
      pass(StartGate.LOOK);
    }
    assertThat(started).hasSizeBetween(49, 51);
  }

  @Test
  void afterACommitThatTookLongItIsMuchStill() {
    callersCome();
    add(0, 200);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    callersGo(1);
    gate.look();
    assertThat(started).hasSizeLessThan(StartGate.AT_EASE);
    pass(Duration.ofMillis(110));
    assertThat(started).hasSizeGreaterThan(StartGate.AT_EASE);
  }

  @Test
  void betweenTwoCommitsItIsMuchStillAndThenAllAreStartedSomeAtATimeAsPlacesAre() {
    callersCome();
    callersGo(1);
    int most = HostQueues.PLACES;
    add(0, 3 * most);
    assertThat(started).isEmpty();
    pass(Duration.ofMillis(50));
    assertThat(started).hasSizeLessThan(most / 2);

    int yielding = started.size();
    pass(Duration.ofMillis(60));
    assertThat(started).hasSize(yielding + StartGate.AT_EASE);
    backlog.set(most);
    int before = started.size();
    pass(StartGate.LOOK);
    assertThat(started).hasSizeBetween(before, before + 1);
    backlog.set(0);
    for (int i = 0; i < 3 * most / StartGate.AT_EASE; i++) {
      pass(StartGate.LOOK);
    }
    assertThat(started).hasSize(3 * most).isSorted();

    add(3 * most, 3 * most + 1);
    assertThat(started).endsWith(3 * most);
  }
}
