package io.podyard.runtime;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import java.util.HashMap;
import java.util.Map;

/**
 * A group whose statistics are wanted, and what it may use.
 *
 * @param size of all its containers together
 * @param containers the limits of those that have one of their own, init containers included
 */
public record GroupLimits(ContainerGroupId group, Size size, Map<String, Size> containers) {
  public GroupLimits {
    containers = Map.copyOf(containers);
  }

  /** Of a group as it is wanted. */
  public static GroupLimits of(ContainerGroupId group, GroupSpec spec) {
    Map<String, Size> own = new HashMap<>();
    for (ContainerSpec container : spec.initContainers()) {
      put(own, container);
    }
    for (ContainerSpec container : spec.containers()) {
      put(own, container);
    }
    return new GroupLimits(group, spec.size(), own);
  }

  private static void put(Map<String, Size> own, ContainerSpec container) {
    Size size = container.size();
    if (size != null) {
      own.put(container.name(), size);
    }
  }

  /** What a container may use: its own limit, or the group's where it has none. */
  public Size of(String container) {
    return containers.getOrDefault(container, size);
  }
}
