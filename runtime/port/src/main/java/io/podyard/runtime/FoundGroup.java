package io.podyard.runtime;

import io.podyard.model.ContainerGroupId;
import java.util.List;

/**
 * What is on a host of one group of this installation.
 *
 * @param sandboxes sandboxes found, 1 unless something is wrong
 */
public record FoundGroup(ContainerGroupId group, int sandboxes, List<FoundContainer> containers) {
  public FoundGroup {
    containers = List.copyOf(containers);
  }

  /**
   * One container found on a host.
   *
   * @param epoch of the driver that made it
   */
  public record FoundContainer(
      String engineId, String name, int attempt, long epoch, boolean running) {}
}
