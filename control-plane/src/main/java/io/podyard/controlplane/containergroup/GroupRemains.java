package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.util.List;

/**
 * What a host may still keep of a group whose record is over.
 *
 * @param containers all containers it had, init containers included
 */
public record GroupRemains(ContainerGroupId group, HostId host, List<String> containers) {

  public GroupRemains {
    containers = List.copyOf(containers);
  }
}
