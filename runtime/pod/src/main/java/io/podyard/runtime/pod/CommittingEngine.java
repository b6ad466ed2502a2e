package io.podyard.runtime.pod;

import io.podyard.model.InstallationId;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.Fence;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.Set;

/**
 * How one engine makes images of containers; see {@link io.podyard.runtime.ImageCommits}. Unlike
 * the other calls of an engine these wait for the end of what they do, on a thread that is theirs.
 */
public interface CommittingEngine {

  /**
   * Makes an image of a running container, known by the order's task.
   *
   * @throws NoSuchContainerException if it does not run
   * @throws ImageNotPushedException if the engine will never make one
   */
  void commit(String engineId, CommitOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          NoSuchContainerException,
          ImageNotPushedException;

  /** Brings the image of a task to a registry. */
  void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotPushedException,
          InterruptedException;

  /** Removes what there is of a task. What is not there is fine. */
  void removeCommitted(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** The tasks that have an image. */
  Set<String> committed(InstallationId installation) throws RuntimeUnavailableException;
}
