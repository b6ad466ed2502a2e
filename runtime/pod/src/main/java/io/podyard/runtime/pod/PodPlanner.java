package io.podyard.runtime.pod;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet would do next with a group, as a pure function of what is wanted, what is stored
 * and what is there. It relies on no earlier call having been made or finished.
 */
public final class PodPlanner {

  private final PodSettings settings;

  public PodPlanner(PodSettings settings) {
    this.settings = settings;
  }

  /** The images whose state {@link #plan} needs to know. */
  public Set<String> images(GroupOrder order) {
    if (!(order.goal() instanceof Goal.Run)) {
      return Set.of();
    }
    return switch (order.stored().phase()) {
      case PREPARING, STARTING, RUNNING -> {
        Set<String> waiting =
            order.stored().containers().stream()
                .filter(c -> c.current() instanceof ContainerStatus.Waiting)
                .map(ContainerProgress::name)
                .collect(toSet());
        yield Stream.concat(
                order.spec().initContainers().stream(), order.spec().containers().stream())
            .filter(spec -> waiting.contains(spec.name()))
            .map(ContainerSpec::image)
            .collect(toCollection(LinkedHashSet::new));
      }
      case REPLACING, SUCCEEDED, FAILED, STOPPING, STOPPED, GONE -> Set.of();
    };
  }

  /**
   * What to store, and then to do.
   *
   * @param seen with the {@link #images} of this order
   * @param diskUsage what the group takes of the disk, as far as it was measured
   * @param attempted what this process did since it was started, as far as it remembers
   */
  public Plan plan(
      GroupOrder order, Observation seen, DiskUsage diskUsage, Attempted attempted, Instant now) {
    Draft draft = new Draft(order, seen, diskUsage, attempted, now, settings);
    draft.removeStale();
    switch (order.goal()) {
      case Goal.Run _ -> run(draft);
      case Goal.End end -> new GroupEnd(draft).end(end);
      case Goal.Evict evict -> evict(draft, evict);
      case Goal.Remove _ -> new GroupEnd(draft).remove();
    }
    return draft.plan();
  }

  private static void run(Draft draft) {
    switch (draft.phase) {
      case PREPARING -> prepare(draft);
      case STARTING, RUNNING -> live(draft);
      case REPLACING -> replace(draft);
      case STOPPING -> {
        new ContainerSync(draft).withoutRestarts();
        new GroupEnd(draft).goOn();
      }
      case SUCCEEDED, FAILED, STOPPED, GONE -> {}
    }
  }

  /** What ended by itself meanwhile has ended so. */
  private static void evict(Draft draft, Goal.Evict evict) {
    switch (draft.phase) {
      case PREPARING -> new GroupEnd(draft).fail(evict.reason(), evict.message(), draft.now);
      case STARTING, RUNNING, REPLACING -> {
        new ContainerSync(draft).withoutRestarts();
        GroupEnd end = new GroupEnd(draft);
        if (draft.phase != GroupPhase.REPLACING && appsEnded(draft)) {
          end.finish();
        } else {
          end.fail(
              evict.reason(),
              evict.message(),
              draft.runningSandbox().isPresent() ? draft.now : end.lastSeen());
        }
      }
      case STOPPING -> {
        new ContainerSync(draft).withoutRestarts();
        new GroupEnd(draft).goOn();
      }
      case SUCCEEDED, FAILED, STOPPED, GONE -> {}
    }
  }

  /** The sandbox comes first and is free; the meter starts when it is there. */
  private static void prepare(Draft draft) {
    Optional<SandboxView> sandbox = draft.runningSandbox();
    if (sandbox.isEmpty()) {
      draft.act(new EngineAction.CreateSandbox());
      draft.poll();
      return;
    }
    draft.ip = sandbox.get().ip().isEmpty() ? null : sandbox.get().ip();
    draft.sandboxReadyAt = draft.now;
    draft.generation = draft.order.generation();
    draft.chargedFrom = draft.now;
    draft.phase = GroupPhase.STARTING;
    // Whatever kept the sandbox waiting is over.
    draft.reason = "";
    draft.message = "";
    draft.tell(
        Occurrence.normal(
            "SandboxCreated",
            draft.ip == null
                ? "Created the group's sandbox"
                : "Created the group's sandbox with address " + draft.ip));
    live(draft);
  }

  private static void replace(Draft draft) {
    new ContainerSync(draft).withoutRestarts();
    if (draft.runningSandbox().isEmpty()) {
      sandboxLost(new GroupEnd(draft));
      return;
    }
    Instant since = draft.pendingSince;
    if (since != null) {
      // A volume may never become there; nothing waits for ever. What stops has its grace.
      Instant killAt = draft.killAt;
      Instant last =
          (killAt == null || killAt.isBefore(since) ? since : killAt)
              .plus(Duration.ofMinutes(draft.order.spec().maxPendingMinutes()));
      if (!draft.now.isBefore(last)) {
        new GroupEnd(draft)
            .fail(
                "UpdateTimeout",
                "The group could not be changed within "
                    + draft.order.spec().maxPendingMinutes()
                    + " minutes"
                    + (draft.message.isEmpty() ? "" : ": " + draft.message),
                draft.now);
        return;
      }
      draft.wake(last);
    }
    if (new Replacement(draft).advance()) {
      live(draft);
    }
  }

  private static void sandboxLost(GroupEnd end) {
    end.fail("SandboxLost", "The group's sandbox is not running any more", end.lastSeen());
  }

  private static void live(Draft draft) {
    if (draft.generation == 0) {
      draft.generation = draft.order.generation(); // made before anybody could change a spec
    }
    new ContainerSync(draft).withRestarts();
    Replacement replacement = new Replacement(draft);
    if (replacement.isDue() && !replacement.begin()) {
      return;
    }
    new Health(draft).mind();
    GroupEnd end = new GroupEnd(draft);
    Optional<Attempted.Refusal> noGpu = noGpu(draft);
    if (noGpu.isPresent()) {
      end.fail(
          noGpu.get().reason(),
          "The host cannot give container %s its GPUs: %s"
              .formatted(noGpu.get().container(), noGpu.get().message()),
          draft.now);
      return;
    }
    Optional<ContainerSpec> failedInit = failedInit(draft);
    if (failedInit.isPresent()) {
      end.fail(
          "Init:Error",
          "Init container " + failedInit.get().name() + " failed for good",
          draft.now);
      return;
    }
    if (appsEnded(draft)) {
      end.finish();
      return;
    }
    if (draft.runningSandbox().isEmpty()) {
      sandboxLost(end);
      return;
    }
    draft.noteRunning();
    if (draft.runningSince != null && !draft.pending()) {
      draft.phase = GroupPhase.RUNNING;
      draft.pendingSince = null;
    }
    Optional<String> tooMuch = draft.diskUsage.exceeding(draft.order.spec());
    if (tooMuch.isPresent()) {
      end.fail("Evicted", tooMuch.get(), draft.now);
      return;
    }
    if (VolumeLimits.any(draft.order.spec())) {
      draft.wake(draft.now.plus(VolumeLimits.LOOK));
    }
    Instant lifeEnd = lifeEnd(draft);
    if (lifeEnd != null) {
      if (!draft.now.isBefore(lifeEnd)) {
        end.fail("DeadlineExceeded", "The group was active longer than it may be", draft.now);
        return;
      }
      draft.wake(lifeEnd);
    }
    Instant pendingEnd = draft.pendingEnd();
    if (pendingEnd != null) {
      if (!draft.now.isBefore(pendingEnd)) {
        end.fail("PendingTimeout", notRunning(draft), pendingEnd);
        return;
      }
      draft.wake(pendingEnd);
    }
    ImageFetches fetches = new ImageFetches(draft);
    fetches.advance();
    new ContainerStarts(draft, fetches).advance();
  }

  /** With what the first container that never ran was waiting for. */
  private static String notRunning(Draft draft) {
    String words =
        "The group did not run within " + draft.order.spec().maxPendingMinutes() + " minutes";
    return draft.progress().stream()
        .filter(progress -> progress.current() instanceof ContainerStatus.Waiting)
        .findFirst()
        .map(progress -> words + waiting(progress))
        .orElse(words);
  }

  private static String waiting(ContainerProgress progress) {
    return progress.current() instanceof ContainerStatus.Waiting(String reason, String message)
        ? ": container %s was waiting, %s: %s".formatted(progress.name(), reason, message)
        : "";
  }

  /** A container that its host cannot start for want of GPUs, whatever its restart policy. */
  private static Optional<Attempted.Refusal> noGpu(Draft draft) {
    return draft.attempted.refusals().stream()
        .filter(refusal -> refusal.reason().equals(ContainerRefusedException.GPU_UNAVAILABLE))
        .min(Comparator.comparing(Attempted.Refusal::container));
  }

  private static Optional<ContainerSpec> failedInit(Draft draft) {
    return draft.order.spec().initContainers().stream()
        .filter(
            spec ->
                draft.progress(spec).current() instanceof ContainerStatus.Terminated ended
                    && !ended.succeeded())
        .findFirst();
  }

  private static boolean appsEnded(Draft draft) {
    return draft
        .mattering()
        .allMatch(spec -> draft.progress(spec).current() instanceof ContainerStatus.Terminated);
  }

  private static @Nullable Instant lifeEnd(Draft draft) {
    Long seconds = draft.order.spec().activeDeadlineSeconds();
    Instant since = draft.runningSince;
    return seconds == null || since == null ? null : since.plusSeconds(seconds);
  }
}
