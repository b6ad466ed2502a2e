package io.podyard.controlplane.commit;

import io.podyard.controlplane.hosttask.RegistryAccess;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Carries out one task from wherever it is. Each step may have been done before by a process that
 * died before it could say so: a commit finds its image, a push sends what the registry does not
 * have, and a removal that finds nothing is done. No call to a host or registry is made inside a
 * transaction.
 */
@Component
class CommitWork {

  private static final String HOST_SILENT =
      "The container's host does not answer, or cannot do it right now; it is tried again.";

  private static final Logger log = LoggerFactory.getLogger(CommitWork.class);

  private final CommitTaskStore tasks;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final SecretBox secrets;
  private final Clock clock;

  CommitWork(
      CommitTaskStore tasks,
      Runtimes runtimes,
      Inventory inventory,
      SecretBox secrets,
      Clock clock) {
    this.tasks = tasks;
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * Goes as far as it gets: to the end of the task and until nothing of it is left on its host.
   *
   * @return whether that is so; if not, it is tried again later
   * @throws InterruptedException if this process is to stop
   */
  boolean carryOut(CommitTask task, Fence fence) throws InterruptedException {
    boolean over = task.status() != CommitStatus.RUNNING;
    try {
      if (!over && left(task).isNegative()) {
        return fail(task, "It was not done by its deadline, " + task.deadlineAt(), fence);
      }
      GroupRuntime runtime = runtimes.of(task.host());
      if (!over && !toItsEnd(task, runtime, fence)) {
        return false;
      }
      over = true;
      runtime.removeCommitted(installation(), task.host(), task.id(), fence);
      tasks.cleared(task, clock.instant(), fence.epoch());
      return true;
    } catch (RuntimeUnavailableException e) {
      if (over) {
        log.debug("task {} is cleared later: {}", task.id(), e.getMessage());
      } else {
        log.info("task {} waits for host {}: {}", task.id(), task.host(), e.getMessage());
        tasks.waits(task, HOST_SILENT, fence.epoch());
      }
      return false;
    } catch (StaleFenceException e) {
      // Whoever drives the host now goes on with it.
      return false;
    }
  }

  /**
   * @return whether it is over; false if it is not ours any more
   */
  private boolean toItsEnd(CommitTask task, GroupRuntime runtime, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, InterruptedException {
    try {
      if (task.phase() == CommitPhase.PULL_BASE_IMAGE
          && !tasks.advance(task, CommitPhase.COMMIT_CONTAINER, clock.instant(), fence.epoch())) {
        return false;
      }
      if (task.phase() != CommitPhase.PUSH_COMMITTED_IMAGE) {
        runtime.commit(
            new CommitOrder(
                installation(),
                task.host(),
                task.group(),
                task.container(),
                task.id(),
                task.author(),
                task.message()),
            fence);
        if (!tasks.advance(
            task, CommitPhase.PUSH_COMMITTED_IMAGE, clock.instant(), fence.epoch())) {
          return false;
        }
      }
      runtime.push(pushOrder(task), fence);
      return tasks.finish(task, CommitStatus.SUCCEEDED, "", clock.instant(), fence.epoch());
    } catch (NoSuchContainerException e) {
      return fail(task, "Container %s does not run any more.".formatted(task.container()), fence);
    } catch (ImageNotPushedException e) {
      return fail(task, String.valueOf(e.getMessage()), fence);
    } catch (SecretNotOpenedException e) {
      log.error("the logins of task {} do not open", task.id(), e);
      return fail(task, "The login for the registry cannot be read any more.", fence);
    }
  }

  private boolean fail(CommitTask task, String message, Fence fence) {
    return tasks.finish(task, CommitStatus.FAILED, message, clock.instant(), fence.epoch());
  }

  private PushOrder pushOrder(CommitTask task) {
    String sealed = task.access();
    RegistryAccess access = RegistryAccess.opened(secrets, sealed == null ? "" : sealed, task.id());
    return new PushOrder(
        installation(),
        task.host(),
        task.id(),
        task.image(),
        access.credentials(),
        access.plainHttpRegistries(),
        access.insecureRegistries(),
        left(task));
  }

  private Duration left(CommitTask task) {
    return Duration.between(clock.instant(), task.deadlineAt());
  }

  private InstallationId installation() {
    return inventory.installation();
  }
}
