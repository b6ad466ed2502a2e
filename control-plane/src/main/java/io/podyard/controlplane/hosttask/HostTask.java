package io.podyard.controlplane.hosttask;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;

/** Something that is to be done on the host of one group, as it is stored. */
public interface HostTask {

  String id();

  ContainerGroupId group();

  /** Of the group, which never changes. */
  HostId host();

  int shard();

  /** Whether nothing is left of it but what has to be removed from the host. */
  boolean isOver();
}
