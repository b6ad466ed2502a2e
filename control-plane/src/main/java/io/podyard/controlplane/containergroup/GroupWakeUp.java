package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;

/** Told when a group was written that its driver should look at; the tables tell it too, later. */
@FunctionalInterface
public interface GroupWakeUp {

  void wake(ContainerGroupId group, int shard);

  /** The group was given its host and is to be started there. */
  default void start(ContainerGroupId group, HostId host, int shard) {
    wake(group, shard);
  }
}
