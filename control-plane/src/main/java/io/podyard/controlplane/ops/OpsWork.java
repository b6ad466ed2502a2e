package io.podyard.controlplane.ops;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Brings one task further from wherever it is, as far as that goes now. Each step may have been
 * done before by a process that died before it could say so: a capture is found by its task, its
 * file is read once more, and a removal that finds nothing is done. No call to a host is made
 * inside a transaction.
 */
@Component
class OpsWork {

  /** For what has to be done after a capture's time: to end it and to bring it here. */
  private static final Duration LONGEST_TO_STORE = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(OpsWork.class);

  private final OpsTaskStore tasks;
  private final OpsStoring storing;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final Clock clock;

  OpsWork(
      OpsTaskStore tasks, OpsStoring storing, Runtimes runtimes, Inventory inventory, Clock clock) {
    this.tasks = tasks;
    this.storing = storing;
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.clock = clock;
  }

  /**
   * Goes on with a task.
   *
   * @return whether it is over and nothing of it is left on its host; if not, it is to be called
   *     again, with the task as it is stored then
   */
  boolean carryOut(OpsTask task, Fence fence) {
    try {
      if (!task.isOver() && hopeless(task)) {
        return fail(task, "It was not done in its time: its host does not answer.", fence)
            && clear(task, fence);
      }
      return (task.isOver() || goOn(task, runtimes.of(task.host()), fence)) && clear(task, fence);
    } catch (RuntimeUnavailableException e) {
      log.debug("task {} waits for host {}: {}", task.id(), task.host(), e.getMessage());
      return false;
    } catch (StaleFenceException e) {
      // Whoever drives the host now goes on with it.
      return false;
    }
  }

  private boolean hopeless(OpsTask task) {
    Instant last = task.endsBy().orElse(task.beginBy()).plus(LONGEST_TO_STORE);
    return clock.instant().isAfter(last);
  }

  private boolean clear(OpsTask task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    if (task.wish() instanceof OpsWish.Packets) {
      runtimes.of(task.host()).removeCapture(installation(), task.host(), task.id(), fence);
    }
    tasks.cleared(task, clock.instant(), fence.epoch());
    return true;
  }

  /**
   * @return whether it is over; false if it goes on, or is not ours any more
   */
  private boolean goOn(OpsTask task, GroupRuntime runtime, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return switch (task.wish()) {
      case OpsWish.Packets packets -> goOn(task, packets, runtime, fence);
      case OpsWish.CoreDump _ -> goOnWaiting(task, runtime, fence);
    };
  }

  private boolean goOn(OpsTask task, OpsWish.Packets packets, GroupRuntime runtime, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      if (task.endsBy().isEmpty()) {
        return task.isToClose() ? close(task, fence) : begin(task, packets, runtime, fence);
      }
      return switch (runtime.capture(installation(), task.host(), task.id()).orElse(null)) {
        case null ->
            task.isToClose()
                ? close(task, fence)
                : fail(task, "What was captured is not on its host any more.", fence);
        case CaptureState.Running _ -> {
          if (task.isToClose() || !clock.instant().isBefore(task.endsBy().orElseThrow())) {
            runtime.endCapture(installation(), task.host(), task.id(), fence);
          }
          yield false;
        }
        case CaptureState.Ended(boolean captured, String words) ->
            captured ? store(task, packets, runtime, fence) : fail(task, words, fence);
      };
    } catch (CaptureRefusedException e) {
      return fail(task, String.valueOf(e.getMessage()), fence);
    }
  }

  private boolean begin(OpsTask task, OpsWish.Packets packets, GroupRuntime runtime, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    if (clock.instant().isAfter(task.beginBy())) {
      return failLate(task, fence);
    }
    boolean begun =
        runtime.beginCapture(
            new CaptureOrder(
                installation(),
                task.account(),
                task.host(),
                task.group(),
                task.id(),
                packets.image(),
                (int) task.createdAt().getEpochSecond(),
                packets.filter()),
            fence);
    if (begun) {
      boolean _ = tasks.begun(task, clock.instant(), fence.epoch());
    }
    return false;
  }

  private boolean store(OpsTask task, OpsWish.Packets packets, GroupRuntime runtime, Fence fence)
      throws RuntimeUnavailableException, CaptureRefusedException {
    try (OpsFileWriting writing = storing.begin(packets.filter().fileBytes())) {
      runtime.readCapture(installation(), task.host(), task.id(), writing);
      OpsStatus status = task.isToClose() ? OpsStatus.CLOSED : OpsStatus.SUCCESS;
      return storing.finish(task, writing, status, packets.stored(), fence);
    } catch (IOException e) {
      throw new CaptureRefusedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** What crashes is seen by whoever drives the group; here there is only the time to watch. */
  private boolean goOnWaiting(OpsTask task, GroupRuntime runtime, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Instant now = clock.instant();
    Optional<Instant> end = task.endsBy();
    if (task.isToClose() || end.isPresent() && !now.isBefore(end.get())) {
      return close(task, fence);
    }
    if (end.isEmpty()) {
      if (now.isAfter(task.beginBy())) {
        return failLate(task, fence);
      }
      Optional<String> because =
          runtime.noCoreDumpsBecause(installation(), task.host(), task.group(), fence);
      if (because.isPresent()) {
        return fail(task, because.get(), fence);
      }
      boolean _ = tasks.begun(task, now, fence.epoch());
    }
    return false;
  }

  private boolean failLate(OpsTask task, Fence fence) {
    return fail(task, "It could not begin by " + task.beginBy() + ".", fence);
  }

  private boolean close(OpsTask task, Fence fence) {
    return tasks.finish(
        task, OpsStatus.CLOSED, null, task.wish().closed(), clock.instant(), fence.epoch());
  }

  /** What fails because its group ends was ended with it. */
  private boolean fail(OpsTask task, String message, Fence fence) {
    if (!tasks.isWanted(task)) {
      return close(task, fence);
    }
    return tasks.finish(
        task, OpsStatus.FAILED, null, task.wish().failed(message), clock.instant(), fence.epoch());
  }

  private InstallationId installation() {
    return inventory.installation();
  }
}
