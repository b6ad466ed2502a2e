package io.podyard.controlplane.ops;

import io.podyard.controlplane.driving.AwaitedCoreDumps;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.CoreDumpReceiver;
import io.podyard.runtime.Fence;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Ends tasks that wait for a core dump with the one that there is. It is stored before its
 * container is removed: whoever dies in between leaves the task waiting and the container where it
 * is.
 */
@Component
class CoreDumpTasks implements AwaitedCoreDumps {

  private static final OpsWish.CoreDump WISH = new OpsWish.CoreDump();

  private final OpsTaskStore tasks;
  private final OpsStoring storing;
  private final long mostBytes;
  private final Clock clock;

  CoreDumpTasks(OpsTaskStore tasks, OpsStoring storing, PodyardSettings settings, Clock clock) {
    this.tasks = tasks;
    this.storing = storing;
    this.mostBytes = settings.ops().coreDumps().toBytes();
    this.clock = clock;
  }

  @Override
  public Optional<CoreDumpReceiver> of(ContainerGroupId group, Fence fence) {
    return mostBytes == 0
        ? Optional.empty()
        : tasks.awaitingDump(group).map(task -> new Receiver(task, fence));
  }

  private final class Receiver implements CoreDumpReceiver {

    private final OpsTask task;
    private final Fence fence;

    private Receiver(OpsTask task, Fence fence) {
      this.task = task;
      this.fence = fence;
    }

    @Override
    public void receive(String container, int exitCode, Source source)
        throws RuntimeUnavailableException, StaleFenceException {
      try (OpsFileWriting writing = storing.begin(mostBytes)) {
        source.writeTo(writing, mostBytes);
        Occurrence stored = WISH.stored(container, exitCode);
        boolean _ = storing.finish(task, writing, OpsStatus.SUCCESS, stored, fence);
      } catch (CoreDumpMissingException | IOException e) {
        String why =
            "container %s ended with exit code %d, but %s"
                .formatted(container, exitCode, e.getMessage());
        boolean _ =
            tasks.finish(
                task, OpsStatus.FAILED, null, WISH.failed(why), clock.instant(), fence.epoch());
      }
    }
  }
}
