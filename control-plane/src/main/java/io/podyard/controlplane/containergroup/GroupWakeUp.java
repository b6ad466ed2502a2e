package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;

/** Told when a group was written that its driver should look at; the tables tell it too, later. */
@FunctionalInterface
public interface GroupWakeUp {

  void wake(ContainerGroupId group, int shard);

  /** The same where the group's host is known, so that nobody need look for it. */
  default void wake(ContainerGroupId group, HostId host, int shard) {
    wake(group, shard);
  }
}
