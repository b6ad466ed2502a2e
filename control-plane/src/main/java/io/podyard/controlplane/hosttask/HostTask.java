package io.podyard.controlplane.hosttask;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import org.jspecify.annotations.Nullable;

/** Something that is to be done on a host, as it is stored. */
public interface HostTask {

  String id();

  /** Whose sake it is for; null for no group's. */
  @Nullable ContainerGroupId group();

  /** Which never changes. */
  HostId host();

  int shard();

  /** Whether nothing is left of it but what has to be removed from the host. */
  boolean isOver();
}
