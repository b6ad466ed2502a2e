package io.podyard.controlplane.ops;

import io.podyard.controlplane.ops.OpsTaskStore.Result;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.settings.OpsSettings;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.runtime.Fence;
import io.podyard.runtime.Occurrence;
import java.time.Clock;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Ends tasks with the files that they made. */
@Component
class OpsStoring {

  private final OpsTaskStore tasks;
  private final OpsFiles files;
  private final SecretBox secrets;
  private final OpsSettings settings;
  private final Clock clock;

  OpsStoring(
      OpsTaskStore tasks,
      OpsFiles files,
      SecretBox secrets,
      PodyardSettings settings,
      Clock clock) {
    this.tasks = tasks;
    this.files = files;
    this.secrets = secrets;
    this.settings = settings.ops();
    this.clock = clock;
  }

  /**
   * A place for the file of a task; closing it discards what does not become a result.
   *
   * @param mostBytes of which there must be no more
   */
  OpsFileWriting begin(long mostBytes) {
    return new OpsFileWriting(files, mostBytes);
  }

  /** Ends a task with what was written; false if that is not ours to say. */
  boolean finish(
      OpsTask task, OpsFileWriting writing, OpsStatus status, Occurrence told, Fence fence) {
    long file = writing.finish();
    ResultSecret secret = ResultSecret.random();
    Instant now = clock.instant();
    Result result =
        new Result(file, secret, secrets.seal(secret.text(), task.id()), now.plus(settings.kept()));
    boolean finished = tasks.finish(task, status, result, told, now, fence.epoch());
    if (!finished) {
      files.discard(file);
    }
    return finished;
  }
}
