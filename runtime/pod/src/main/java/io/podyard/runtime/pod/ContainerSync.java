package io.podyard.runtime.pod;

import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.time.Instant;

/** Turns what the engine shows of the stored attempts into statuses, and ends into restarts. */
final class ContainerSync {

  static final String CRASH_LOOP = "CrashLoopBackOff";

  private static final String OOM_KILLED = "OOMKilled";
  private static final int KILLED = 137;
  private static final int SIGNAL_BASE = 128;
  private static final int CANNOT_RUN = 128;

  /** A hook that takes longer failed; the group's own limit of waiting is mostly shorter. */
  private static final Duration POST_START_LIMIT = Duration.ofHours(1);

  private final Draft draft;

  ContainerSync(Draft draft) {
    this.draft = draft;
  }

  void withoutRestarts() {
    draft.progress().forEach(this::sync);
  }

  void withRestarts() {
    for (ContainerProgress stored : draft.progress()) {
      sync(stored);
      ContainerSpec spec = draft.spec(stored.name()).orElse(null);
      if (spec == null) {
        continue;
      }
      ContainerProgress progress = draft.progress(spec);
      boolean init = draft.order.spec().initContainers().contains(spec);
      if (!(stored.current() instanceof ContainerStatus.Terminated)
          && progress.current() instanceof ContainerStatus.Terminated ended
          && progress.revision() == spec.revision()
          && restarts(init, ended)) {
        again(progress, ended);
      }
    }
  }

  /** Between two attempts there is nothing to be learnt from the engine. */
  static boolean betweenAttempts(ContainerProgress progress) {
    return progress.current() instanceof ContainerStatus.Waiting && progress.notBefore() != null;
  }

  private void sync(ContainerProgress progress) {
    switch (progress.current()) {
      case ContainerStatus.Waiting _ -> {
        if (progress.attempt() > 0 && !betweenAttempts(progress)) {
          syncWaiting(progress);
        }
      }
      case ContainerStatus.Running running -> syncRunning(progress, running);
      case ContainerStatus.Terminated _ -> {}
    }
  }

  private void syncWaiting(ContainerProgress progress) {
    for (Attempted.Refusal refusal : draft.attempted.refusals()) {
      if (refusal.container().equals(progress.name()) && refusal.attempt() == progress.attempt()) {
        draft.tell(Occurrence.warning("Failed", "Error: " + refusal.message()));
        draft.status(
            progress,
            new ContainerStatus.Terminated(
                CANNOT_RUN, 0, refusal.reason(), refusal.message(), null, draft.now));
        return;
      }
    }
    draft
        .view(progress)
        .ifPresent(
            view -> {
              switch (view.status()) {
                case ContainerView.Status.Created _ -> {}
                case ContainerView.Status.Running running -> {
                  if (hookIsThrough(progress, view)) {
                    tellStarted(progress);
                    draft.put(
                        progress
                            .with(new ContainerStatus.Running(notAfterNow(running.since())))
                            .ready(!awaitsReadiness(progress), ""));
                  }
                }
                case ContainerView.Status.Exited exited -> {
                  tellStarted(progress);
                  draft.takeCoreDump(view);
                  ended(progress, exited);
                }
              }
            });
  }

  /** A container runs for its group once its post-start hook is through. */
  private boolean hookIsThrough(ContainerProgress progress, ContainerView view) {
    Lifecycle lifecycle =
        draft.spec(progress.name()).map(ContainerSpec::lifecycle).orElse(Lifecycle.NONE);
    if (lifecycle.postStart() == null) {
      return true;
    }
    CheckResult end =
        draft
            .attempted
            .checks()
            .end(Checks.Hook.POST_START, progress.name(), progress.attempt())
            .orElse(null);
    if (end == null) {
      if (!draft.attempted.hasBegun(Checks.Hook.POST_START, progress.name(), progress.attempt())) {
        draft.act(
            new EngineAction.BeginHook(
                Checks.Hook.POST_START,
                progress.name(),
                progress.attempt(),
                view.engineId(),
                draft.now.plus(POST_START_LIMIT)));
      }
      draft.poll();
      return false;
    }
    if (end.passed()) {
      return true;
    }
    ContainerStops stops = new ContainerStops(draft);
    if (!stops.isBegun(view)) {
      draft.tell(
          Occurrence.warning(
              "FailedPostStartHook",
              "PostStart hook of container " + progress.name() + " failed: " + end.output()));
      draft.tell(
          Occurrence.normal(
              "Killing", "Container " + progress.name() + " failed its post-start hook"));
    }
    stops.stop(view);
    return false;
  }

  private boolean awaitsReadiness(ContainerProgress progress) {
    return draft
        .spec(progress.name())
        .map(spec -> spec.lifecycle().readinessProbe() != null)
        .orElse(false);
  }

  private void syncRunning(ContainerProgress progress, ContainerStatus.Running running) {
    ContainerView view = draft.view(progress).orElse(null);
    // What has its name but never ran came of a create that the engine carried out late.
    if (view == null || view.status() instanceof ContainerView.Status.Created) {
      draft.status(
          progress,
          new ContainerStatus.Terminated(
              KILLED,
              KILLED - SIGNAL_BASE,
              "ContainerStatusUnknown",
              "The container vanished from its host",
              running.since(),
              draft.lastSeen(running.since())));
    } else if (view.status() instanceof ContainerView.Status.Exited exited) {
      draft.takeCoreDump(view);
      ended(progress, exited);
    }
  }

  private void ended(ContainerProgress progress, ContainerView.Status.Exited exited) {
    boolean ignoreExitCode =
        draft.spec(progress.name()).map(ContainerSpec::ignoreExitCode).orElse(false);
    ContainerStatus.Terminated end = terminated(exited);
    if (ignoreExitCode && !end.succeeded() && exited.error().isEmpty()) {
      end = ignored(end);
    }
    draft.status(progress, end);
    if (end.reason().equals(OOM_KILLED)) {
      draft.tell(
          Occurrence.warning(
              OOM_KILLED,
              "Container "
                  + progress.name()
                  + " was killed because it used more memory than it may"));
    }
  }

  private void tellStarted(ContainerProgress progress) {
    draft.tell(Occurrence.normal("Created", "Created container " + progress.name()));
    draft.tell(Occurrence.normal("Started", "Started container " + progress.name()));
  }

  private ContainerStatus.Terminated terminated(ContainerView.Status.Exited exited) {
    int code = exited.exitCode();
    Instant startedAt = notAfterNow(exited.startedAt());
    Instant finishedAt = notAfterNow(exited.finishedAt());
    return new ContainerStatus.Terminated(
        code,
        code > SIGNAL_BASE ? code - SIGNAL_BASE : 0,
        reason(exited),
        exited.error().isEmpty() ? exited.message() : exited.error(),
        startedAt,
        finishedAt.isBefore(startedAt) ? startedAt : finishedAt);
  }

  /** A bad end that is to count as a good one (contract section 5). */
  private static ContainerStatus.Terminated ignored(ContainerStatus.Terminated end) {
    String words = "Exit code " + end.exitCode() + " is ignored";
    return new ContainerStatus.Terminated(
        0,
        0,
        "Completed",
        end.message().isEmpty() ? words : words + ": " + end.message(),
        end.startedAt(),
        end.finishedAt());
  }

  /** What was noticed has happened: an engine's clock that is a little fast says otherwise. */
  private Instant notAfterNow(Instant engines) {
    return engines.isAfter(draft.now) ? draft.now : engines;
  }

  private static String reason(ContainerView.Status.Exited exited) {
    if (!exited.error().isEmpty()) {
      return "ContainerCannotRun";
    }
    if (exited.exitCode() == 0) {
      return "Completed";
    }
    // Engines say so as well when only a child of the container was killed for memory.
    return exited.oomKilled() && exited.exitCode() == KILLED ? OOM_KILLED : "Error";
  }

  private boolean restarts(boolean init, ContainerStatus.Terminated ended) {
    RestartPolicy policy = draft.order.spec().restartPolicy();
    if (init && ended.succeeded()) {
      return false;
    }
    return switch (policy) {
      case ALWAYS -> true;
      case ON_FAILURE -> !ended.succeeded();
      case NEVER -> false;
    };
  }

  /** As a kubelet: the first restart comes at once, the ones after it wait longer and longer. */
  private void again(ContainerProgress progress, ContainerStatus.Terminated ended) {
    Instant startedAt = ended.startedAt();
    Duration ran =
        startedAt == null ? Duration.ZERO : Duration.between(startedAt, ended.finishedAt());
    int seconds =
        draft.settings.restartDelaySeconds(progress.restarts(), progress.backOffSeconds(), ran);
    draft.put(
        new ContainerProgress(
            progress.name(),
            progress.attempt(),
            progress.restarts(),
            seconds == 0
                ? new ContainerStatus.Waiting("ContainerCreating", "starts again at once")
                : backOff(progress.name(), seconds),
            ended,
            seconds,
            // From the end, not from when it was noticed: the delay also passes while nobody looks.
            ended.finishedAt().plusSeconds(seconds),
            progress.firstStartedAt(),
            false,
            "",
            progress.revision()));
  }

  private ContainerStatus.Waiting backOff(String container, int seconds) {
    String group = draft.order.spec().name();
    draft.tell(
        Occurrence.warning(
            "BackOff", "Back-off restarting failed container " + container + " in group " + group));
    return new ContainerStatus.Waiting(
        CRASH_LOOP,
        "Back-off "
            + words(Duration.ofSeconds(seconds))
            + " restarting failed container="
            + container
            + " group="
            + group);
  }

  /** As Kubernetes writes durations: {@code 20s}, {@code 2m40s}, {@code 5m0s}. */
  private static String words(Duration duration) {
    return duration.toMinutes() == 0
        ? duration.toSeconds() + "s"
        : duration.toMinutes() + "m" + duration.toSecondsPart() + "s";
  }
}
