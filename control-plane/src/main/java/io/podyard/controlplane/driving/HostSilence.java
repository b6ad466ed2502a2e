package io.podyard.controlplane.driving;

import io.podyard.model.HostId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which hosts do not answer. A host is silent after some calls in a row failed, and it answers
 * again with the first that does not. Until then it is tried from time to time, less often each
 * time.
 */
final class HostSilence {

  /**
   * One group that its host can do nothing with must not make the host look silent: it fails about
   * once a second, and the host is asked for its list every two.
   */
  static final int FAILURES = 8;

  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  private static final Logger log = LoggerFactory.getLogger(HostSilence.class);

  /**
   * Failures of a host since it answered last.
   *
   * @param dueAt when a silent one is to be tried again, by {@code nanoTime}
   */
  private record Trouble(int failures, Duration pause, long dueAt) {

    boolean silent() {
      return failures >= FAILURES;
    }
  }

  private final LongSupplier nanoTime;
  private final Map<HostId, Trouble> troubles = new ConcurrentHashMap<>();
  private volatile Runnable returned = () -> {};

  HostSilence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Has it called when a silent host answers again. */
  void onReturn(Runnable listener) {
    returned = listener;
  }

  void answered(HostId host) {
    Trouble trouble = troubles.remove(host);
    if (trouble != null && trouble.silent()) {
      log.info("host {} answers again", host);
      returned.run();
    }
  }

  /** It is of no matter any more whether it answers: nothing waits for it. */
  void forget(HostId host) {
    Trouble trouble = troubles.remove(host);
    if (trouble != null && trouble.silent()) {
      returned.run();
    }
  }

  /** Forgets all other hosts: nobody here would hear that they answer. */
  void keepOnly(Set<HostId> driven) {
    troubles.keySet().stream().filter(host -> !driven.contains(host)).forEach(this::forget);
  }

  void failed(HostId host) {
    AtomicBoolean fell = new AtomicBoolean();
    troubles.compute(
        host,
        (_, before) -> {
          Trouble after = next(before);
          fell.set(after.failures() == FAILURES);
          return after;
        });
    if (fell.get()) {
      log.warn("host {} does not answer; it is tried from time to time", host);
    }
  }

  private Trouble next(@Nullable Trouble before) {
    long now = nanoTime.getAsLong();
    int failures = before == null ? 1 : Math.min(before.failures(), FAILURES) + 1;
    if (before == null || !before.silent()) {
      return new Trouble(failures, FIRST_PAUSE, now + FIRST_PAUSE.toNanos());
    }
    if (now - before.dueAt() < 0) {
      // A call from before the pause: many of them may fail at once.
      return new Trouble(failures, before.pause(), before.dueAt());
    }
    Duration twice = before.pause().multipliedBy(2);
    Duration pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    return new Trouble(failures, pause, now + pause.toNanos());
  }

  boolean isSilent(HostId host) {
    Trouble trouble = troubles.get(host);
    return trouble != null && trouble.silent();
  }

  /** Whether a silent host is to be tried now. */
  boolean isDue(HostId host) {
    Trouble trouble = troubles.get(host);
    return trouble == null || !trouble.silent() || nanoTime.getAsLong() - trouble.dueAt() >= 0;
  }

  /** All that do not answer. */
  Set<HostId> silent() {
    return troubles.entrySet().stream()
        .filter(entry -> entry.getValue().silent())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
