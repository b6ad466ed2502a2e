package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;

/** Told when a group was written that its driver should look at; the tables tell it too, later. */
@FunctionalInterface
public interface GroupWakeUp {

  void wake(ContainerGroupId group, int shard);
}
