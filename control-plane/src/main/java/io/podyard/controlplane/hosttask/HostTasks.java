package io.podyard.controlplane.hosttask;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * One kind of tasks: where they are stored, what is done for one, and what hosts keep for its sake.
 */
public interface HostTasks<T extends HostTask> {

  Loop loop();

  /** What a task does, as in "making an image". */
  String doing();

  /** What a host keeps for a task, as in "images". */
  String kept();

  /** How many are worked on at the same time on one host. */
  int atOnce();

  /** How long a task rests that is not done. */
  Duration betweenTries();

  /**
   * What is to be done on the hosts of shards.
   *
   * @param resting how many of them are not wanted now and must not stand before others
   */
  List<T> toDo(Set<Integer> shards, int resting);

  /**
   * Goes on with a task, as far as that goes now.
   *
   * @return whether it is over and nothing of it is left on its host
   * @throws InterruptedException if this process is to stop
   */
  boolean carryOut(T task, Fence fence) throws InterruptedException;

  /** The table that the tasks are in. */
  HostTaskTable table();

  /** The tasks for whose sake the host keeps something. */
  Set<String> found(GroupRuntime runtime, InstallationId installation, HostId host)
      throws RuntimeUnavailableException;

  /** Removes what a host keeps for a task; what is not there is fine. */
  void remove(
      GroupRuntime runtime, InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;
}
