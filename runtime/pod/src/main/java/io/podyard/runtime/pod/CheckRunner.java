package io.podyard.runtime.pod;

import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Handler;
import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.Probe;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does probes and hooks beside the driving of groups. What it found is lost with the process: then
 * probes count anew and a hook that was not through is done again.
 */
final class CheckRunner implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(CheckRunner.class.getName());

  /** Before an engine that did not answer is asked for the same hook again. */
  private static final Duration HOOK_AGAIN = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Timer timer;
  private final Consumer<GroupKey> changed;
  private final Map<GroupKey, Group> groups = new ConcurrentHashMap<>();

  /**
   * @param changed is told of groups of which something new was found
   */
  CheckRunner(InstantSource clock, Timer timer, Consumer<GroupKey> changed) {
    this.clock = clock;
    this.timer = timer;
    this.changed = changed;
  }

  /** What is checked of one group; guarded by itself. */
  private static final class Group {
    final GroupKey key;
    final Map<String, ProbedAttempt> probed = new LinkedHashMap<>();
    final List<Checks.HookEnd> hookEnds = new ArrayList<>();
    int hooksUnderWay;
    ContainerEngine engine;
    Fence fence;
    String ip;

    Group(GroupKey key, ContainerEngine engine, Fence fence, @Nullable String ip) {
      this.key = key;
      this.engine = engine;
      this.fence = fence;
      this.ip = Objects.requireNonNullElse(ip, "");
    }
  }

  /** What was found so far. */
  Checks of(GroupKey key) {
    Group group = groups.get(key);
    if (group == null) {
      return Checks.NONE;
    }
    synchronized (group) {
      return new Checks(
          group.probed.values().stream().map(ProbedAttempt::verdict).toList(), group.hookEnds);
    }
  }

  /** Probes what runs, and nothing else, from now on. */
  void follow(ContainerEngine engine, GroupOrder order, EngineView view, Fence fence) {
    GroupKey key = GroupKey.of(order);
    Map<String, ProbedAttempt> wanted = wanted(order, view);
    if (wanted.isEmpty() && !groups.containsKey(key)) {
      return;
    }
    Group group = group(key, engine, fence, order.stored().ip());
    List<ProbedAttempt> fresh = new ArrayList<>();
    boolean idle;
    synchronized (group) {
      group.hookEnds.removeIf(end -> !current(order.stored(), end));
      group.probed.values().removeIf(attempt -> ended(attempt, wanted));
      for (ProbedAttempt attempt : wanted.values()) {
        if (group.probed.putIfAbsent(attempt.container, attempt) == null) {
          fresh.add(attempt);
        }
      }
      idle = group.probed.isEmpty() && group.hookEnds.isEmpty() && group.hooksUnderWay == 0;
    }
    for (ProbedAttempt attempt : fresh) {
      for (ProbeCount count : attempt.counts()) {
        timer.at(first(key, attempt, count.probe()), () -> probe(group, attempt, count));
      }
    }
    if (idle) {
      groups.remove(key, group);
    }
  }

  /**
   * When a container is looked at for the first time. Whoever takes over many that have run for
   * long looks at them one after the other within their period, not at all of them at once.
   */
  private Instant first(GroupKey key, ProbedAttempt attempt, Probe probe) {
    Instant now = clock.instant();
    Instant due = attempt.startedAt.plusSeconds(probe.initialDelaySeconds());
    Duration period = Duration.ofSeconds(probe.periodSeconds());
    if (!due.isBefore(now.minus(period))) {
      return due;
    }
    int somewhere = Objects.hash(key, attempt.container, attempt.attempt);
    return now.plusMillis(Math.floorMod(somewhere, period.toMillis()));
  }

  private static Map<String, ProbedAttempt> wanted(GroupOrder order, EngineView view) {
    Map<String, ProbedAttempt> wanted = new LinkedHashMap<>();
    for (ContainerSpec spec : order.spec().containers()) {
      ContainerProgress progress = order.stored().container(spec.name()).orElse(null);
      if (spec.lifecycle().hasProbes()
          && progress != null
          && progress.revision() == spec.revision()
          && progress.current() instanceof ContainerStatus.Running running) {
        view.containers().stream()
            .filter(v -> v.container().equals(spec.name()) && v.attempt() == progress.attempt())
            .findFirst()
            .ifPresent(
                v ->
                    wanted.put(
                        spec.name(),
                        new ProbedAttempt(
                            spec.name(),
                            progress.attempt(),
                            v.engineId(),
                            running.since(),
                            spec.lifecycle())));
      }
    }
    return wanted;
  }

  private static boolean current(GroupState state, Checks.HookEnd end) {
    return state.container(end.container()).filter(p -> p.attempt() == end.attempt()).isPresent();
  }

  private static boolean ended(ProbedAttempt attempt, Map<String, ProbedAttempt> wanted) {
    ProbedAttempt now = wanted.get(attempt.container);
    if (now != null && now.attempt == attempt.attempt && now.engineId.equals(attempt.engineId)) {
      return false;
    }
    attempt.end();
    return true;
  }

  private void probe(Group group, ProbedAttempt attempt, ProbeCount count) {
    if (attempt.isOver()) {
      return;
    }
    Instant began = clock.instant();
    try {
      fence(group).check();
      Duration timeout = Duration.ofSeconds(count.probe().timeoutSeconds());
      Optional<CheckResult> result =
          check(group, attempt.engineId, count.probe().handler(), timeout);
      if (result.isPresent() && !attempt.isOver() && count.count(result.get())) {
        changed.accept(group.key);
      }
    } catch (StaleFenceException e) {
      forget(group.key); // whoever drives it now probes it
      return;
    } catch (NoSuchContainerException e) {
      changed.accept(group.key);
    }
    Instant next = began.plusSeconds(count.probe().periodSeconds());
    Instant now = clock.instant();
    timer.at(next.isBefore(now) ? now : next, () -> probe(group, attempt, count));
  }

  /** Does a hook until it is through or its time is over. */
  void begin(ContainerEngine engine, GroupOrder order, EngineAction.BeginHook hook, Fence fence) {
    GroupKey key = GroupKey.of(order);
    Lifecycle lifecycle =
        order.spec().containers().stream()
            .filter(spec -> spec.name().equals(hook.container()))
            .findFirst()
            .map(ContainerSpec::lifecycle)
            .orElse(Lifecycle.NONE);
    Handler handler =
        switch (hook.hook()) {
          case POST_START -> lifecycle.postStart();
          case PRE_STOP -> lifecycle.preStop();
        };
    Group group = group(key, engine, fence, order.stored().ip());
    synchronized (group) {
      group.hooksUnderWay++;
    }
    if (handler == null) {
      end(group, hook, new CheckResult(true, ""));
    } else {
      timer.at(clock.instant(), () -> run(group, hook, handler));
    }
  }

  private void run(Group group, EngineAction.BeginHook hook, Handler handler) {
    Duration left = Duration.between(clock.instant(), hook.until());
    if (!left.isPositive()) {
      end(group, hook, new CheckResult(false, "it was not through in its time"));
      return;
    }
    try {
      fence(group).check();
      Optional<CheckResult> result = check(group, hook.engineId(), handler, left);
      if (result.isPresent()) {
        end(group, hook, result.get());
      } else {
        timer.at(clock.instant().plus(HOOK_AGAIN), () -> run(group, hook, handler));
      }
    } catch (NoSuchContainerException e) {
      end(group, hook, new CheckResult(false, "the container does not run"));
    } catch (StaleFenceException e) {
      forget(group.key); // whoever drives it now does it again
    }
  }

  private void end(Group group, EngineAction.BeginHook hook, CheckResult result) {
    synchronized (group) {
      group.hooksUnderWay--;
      group.hookEnds.add(new Checks.HookEnd(hook.hook(), hook.container(), hook.attempt(), result));
    }
    changed.accept(group.key);
  }

  /** The result; empty if nobody can tell. */
  private static Optional<CheckResult> check(
      Group group, String engineId, Handler handler, Duration timeout)
      throws NoSuchContainerException {
    ContainerEngine engine;
    String ip;
    synchronized (group) {
      engine = group.engine;
      ip = group.ip;
    }
    try {
      CheckResult result =
          engine.check(group.key.installation(), group.key.group(), engineId, handler, ip, timeout);
      return Optional.of(new CheckResult(result.passed(), PlainWords.message(result.output())));
    } catch (RuntimeUnavailableException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      // The next look is due all the same: else nobody would ever look again.
      LOG.log(System.Logger.Level.WARNING, "a check of " + group.key.group() + " failed", e);
      return Optional.empty();
    }
  }

  private static Fence fence(Group group) {
    synchronized (group) {
      return group.fence;
    }
  }

  private Group group(GroupKey key, ContainerEngine engine, Fence fence, @Nullable String ip) {
    Group group = groups.computeIfAbsent(key, k -> new Group(k, engine, fence, ip));
    synchronized (group) {
      group.engine = engine;
      group.fence = fence;
      group.ip = Objects.requireNonNullElse(ip, "");
    }
    return group;
  }

  void forget(GroupKey key) {
    Group group = groups.remove(key);
    if (group != null) {
      synchronized (group) {
        group.probed.values().forEach(ProbedAttempt::end);
      }
    }
  }

  @Override
  public void close() {
    timer.close();
    groups.clear();
  }
}
