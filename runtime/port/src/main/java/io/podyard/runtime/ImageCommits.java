package io.podyard.runtime;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.util.Set;

/**
 * Images made of running containers. What is made stays on the host under its task until it is
 * removed; no group can be started from it there.
 */
public interface ImageCommits {

  /**
   * Makes an image of a running container, which is paused meanwhile. What the container changed in
   * its own file system is in it, not what is in its volumes; everything else, such as environment
   * and command, is as in the image that the container was made from, so nothing that was given to
   * the container alone gets into it. An image of the same task that is there already is success.
   *
   * @throws NoSuchContainerException if it does not run
   * @throws ImageNotPushedException if no image can be made of it
   * @throws RuntimeUnavailableException if the host does not answer
   * @throws StaleFenceException if the right to drive the host is gone
   */
  void commit(CommitOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          NoSuchContainerException,
          ImageNotPushedException;

  /**
   * Brings the image of a task to a registry. May be done again; what the registry has already is
   * not sent twice.
   *
   * @throws ImageNotPushedException if the registry refuses it, cannot be reached in several
   *     attempts, or the time is over; or if there is no image of the task
   * @throws RuntimeUnavailableException if the host does not answer
   * @throws StaleFenceException if the right to drive the host is gone
   * @throws InterruptedException if the caller is to stop; nothing is left but parts that the
   *     registry forgets
   */
  void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotPushedException,
          InterruptedException;

  /** Removes what the host has of a task. What is not there is fine. */
  void removeCommitted(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** The tasks of which the host has an image. */
  Set<String> committed(InstallationId installation, HostId host)
      throws RuntimeUnavailableException;
}
