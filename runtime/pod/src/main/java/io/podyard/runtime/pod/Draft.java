package io.podyard.runtime.pod;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerRole;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.PullProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A plan while it is being made: what was given, and the next state so far. */
final class Draft {

  final GroupOrder order;
  final Observation seen;
  final DiskUsage diskUsage;
  final Attempted attempted;
  final Instant now;
  final PodSettings settings;

  GroupPhase phase;
  String reason;
  String message;
  @Nullable String ip;
  @Nullable Instant sandboxReadyAt;
  @Nullable Instant chargedFrom;
  @Nullable Instant runningSince;
  @Nullable Instant endedAt;
  @Nullable Instant killAt;
  long generation;
  @Nullable Instant pendingSince;
  final Map<String, PullProgress> pulls = new LinkedHashMap<>();

  private final Map<String, ContainerProgress> containers = new LinkedHashMap<>();
  private final List<EngineAction> actions = new ArrayList<>();
  private final List<Occurrence> occurrences = new ArrayList<>();
  private @Nullable Instant wakeAt;

  Draft(
      GroupOrder order,
      Observation seen,
      DiskUsage diskUsage,
      Attempted attempted,
      Instant now,
      PodSettings settings) {
    this.order = order;
    this.seen = seen;
    this.diskUsage = diskUsage;
    this.attempted = attempted;
    this.now = now;
    this.settings = settings;
    GroupState stored = order.stored();
    phase = stored.phase();
    reason = stored.reason();
    message = stored.message();
    ip = stored.ip();
    sandboxReadyAt = stored.sandboxReadyAt();
    chargedFrom = stored.chargedFrom();
    runningSince = stored.runningSince();
    endedAt = stored.endedAt();
    killAt = stored.killAt();
    generation = stored.generation();
    pendingSince = stored.pendingSince();
    stored.containers().forEach(c -> containers.put(c.name(), c));
    specs()
        .filter(spec -> !containers.containsKey(spec.name()))
        .forEach(spec -> containers.put(spec.name(), ContainerProgress.initial(spec)));
    stored.pulls().forEach(p -> pulls.put(p.image(), p));
  }

  Plan plan() {
    GroupState next =
        new GroupState(
            phase,
            reason,
            message,
            ip,
            sandboxReadyAt,
            chargedFrom,
            runningSince,
            endedAt,
            killAt,
            List.copyOf(containers.values()),
            List.copyOf(pulls.values()),
            generation,
            pendingSince);
    return new Plan(next, actions, occurrences, wakeAt);
  }

  void act(EngineAction action) {
    actions.add(action);
  }

  void tell(Occurrence occurrence) {
    occurrences.add(occurrence);
  }

  void wake(Instant at) {
    if (wakeAt == null || at.isBefore(wakeAt)) {
      wakeAt = at;
    }
  }

  /** For what should be heard of anyway: news may be lost. */
  void poll() {
    wake(now.plus(settings.poll()));
  }

  /** Init containers first, in the order of the spec. */
  Stream<ContainerSpec> specs() {
    return Stream.concat(
        order.spec().initContainers().stream(), order.spec().containers().stream());
  }

  ContainerProgress progress(ContainerSpec spec) {
    return Objects.requireNonNull(
        containers.get(spec.name()), () -> "no progress of container " + spec.name());
  }

  /** The containers whose end is the end of the group: the normal ones, if there are any. */
  Stream<ContainerSpec> mattering() {
    List<ContainerSpec> containers = order.spec().containers();
    boolean all = containers.stream().allMatch(c -> c.role() == ContainerRole.SIDECAR);
    return containers.stream().filter(c -> all || c.role() == ContainerRole.NORMAL);
  }

  List<ContainerProgress> progress() {
    return List.copyOf(containers.values());
  }

  Optional<ContainerSpec> spec(String container) {
    return specs().filter(spec -> spec.name().equals(container)).findFirst();
  }

  /** The containers from now on, in this order; others are forgotten. */
  void arrange(List<ContainerProgress> all) {
    containers.clear();
    all.forEach(this::put);
  }

  /** When what is to stop from now on is killed. */
  Instant graceEnd() {
    return now.plusSeconds(order.spec().terminationGraceSeconds());
  }

  void put(ContainerProgress progress) {
    containers.put(
        progress.name(),
        progress
            .firstStarted(firstStart(progress).orElse(null))
            .readyChanged(readyChangedAt(progress)));
  }

  private @Nullable Instant readyChangedAt(ContainerProgress progress) {
    ContainerProgress before = containers.getOrDefault(progress.name(), progress);
    return before.ready() == progress.ready() ? before.readyChangedAt() : now;
  }

  void status(ContainerProgress progress, ContainerStatus current) {
    put(progress.with(current));
  }

  /** The engine's container of the attempt that is stored. */
  Optional<ContainerView> view(ContainerProgress progress) {
    return seen.view().containers().stream()
        .filter(v -> v.container().equals(progress.name()) && v.attempt() == progress.attempt())
        .findFirst();
  }

  /** The engine's container of the stored attempt if it runs or might still be started. */
  Optional<ContainerView> alive(ContainerProgress progress) {
    return view(progress).filter(view -> !(view.status() instanceof ContainerView.Status.Exited));
  }

  Optional<SandboxView> runningSandbox() {
    return seen.view().sandboxes().stream().filter(SandboxView::running).findFirst();
  }

  /** Whether a container has yet to run for the first time, and still may. */
  private boolean awaits(ContainerSpec spec) {
    ContainerProgress progress = progress(spec);
    return !(progress.current() instanceof ContainerStatus.Terminated)
        && firstStart(progress).isEmpty();
  }

  /** Whether the group waits for the first run of a container; once it ran as a whole, never. */
  boolean pending() {
    return order.stored().phase() != GroupPhase.RUNNING
        && order.spec().containers().stream().anyMatch(this::awaits);
  }

  /** When a group fails that waits for the first run of a container; null if it does not wait. */
  @Nullable Instant pendingEnd() {
    Instant from = pendingSince == null ? chargedFrom : pendingSince;
    return from != null && pending()
        ? from.plus(Duration.ofMinutes(order.spec().maxPendingMinutes()))
        : null;
  }

  /**
   * When something that is not there any more was there for sure.
   *
   * @param since when it began
   */
  Instant lastSeen(Instant since) {
    Instant seen = order.lastSeen();
    if (seen == null || seen.isBefore(since)) {
      return since;
    }
    return seen.isBefore(now) ? seen : since.isBefore(now) ? now : since;
  }

  /** The life of a group begins with the first container that ran. */
  void noteRunning() {
    if (runningSince == null) {
      order.spec().containers().stream()
          .flatMap(spec -> firstStart(progress(spec)).stream())
          .min(Instant::compareTo)
          .ifPresent(start -> runningSince = start);
    }
  }

  /** When a container ran for the first time; empty if it never did. */
  Optional<Instant> firstStart(ContainerProgress progress) {
    if (progress.firstStartedAt() != null) {
      return Optional.of(progress.firstStartedAt());
    }
    return switch (progress.current()) {
      case ContainerStatus.Running running -> Optional.of(running.since());
      case ContainerStatus.Terminated ended -> Optional.ofNullable(ended.startedAt());
      case ContainerStatus.Waiting _ -> Optional.empty();
    };
  }

  /** Removes a container, and before that has what it left of a crash taken. */
  void remove(ContainerView view) {
    takeCoreDump(view);
    act(new EngineAction.RemoveContainer(view.engineId()));
  }

  void takeCoreDump(ContainerView view) {
    if (view.status() instanceof ContainerView.Status.Exited exited && exited.crashed()) {
      act(new EngineAction.TakeCoreDump(view.engineId(), view.container(), exited.exitCode()));
    }
  }

  /**
   * Removes what no stored attempt stands for: older attempts, what a driver without its lease
   * made, containers that are neither in the spec nor stored.
   */
  void removeStale() {
    for (ContainerView view : seen.view().containers()) {
      ContainerProgress progress = containers.get(view.container());
      if (progress == null || progress.attempt() != view.attempt()) {
        remove(view);
      }
    }
  }
}
