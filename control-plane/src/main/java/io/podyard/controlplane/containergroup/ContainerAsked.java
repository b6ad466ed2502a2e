package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.EnvironmentVarRequest;
import io.podyard.api.containergroup.InitContainerRequest;
import io.podyard.api.containergroup.PortRequest;
import io.podyard.api.containergroup.SecurityContextRequest;
import io.podyard.api.containergroup.VolumeMountRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What containers and init containers have in common in a request.
 *
 * @param path where it stands, for example {@code Container.1}
 * @param init whether it is an init container
 */
record ContainerAsked(
    String path,
    boolean init,
    @Nullable String name,
    @Nullable String image,
    @Nullable String imagePullPolicy,
    @Nullable BigDecimal cpu,
    @Nullable BigDecimal memory,
    List<String> command,
    List<String> arg,
    @Nullable String workingDir,
    List<EnvironmentVarRequest> environment,
    boolean hideEnvironment,
    List<PortRequest> ports,
    List<VolumeMountRequest> mounts,
    @Nullable SecurityContextRequest securityContext) {

  /** Said of a container by one of its variables: its size does not count. */
  private static final String RESOURCE_IGNORE = "__ECI_RESOURCE_IGNORE__";

  /** All containers of a request in the order of the contract: containers, init containers. */
  static List<ContainerAsked> of(CreateContainerGroupRequest request) {
    List<ContainerAsked> asked = new ArrayList<>();
    for (ContainerRequest container : request.container()) {
      asked.add(of("Container." + (asked.size() + 1), container));
    }
    int containers = asked.size();
    for (InitContainerRequest container : request.initContainer()) {
      asked.add(of("InitContainer." + (asked.size() - containers + 1), container));
    }
    return asked;
  }

  /** Whether it is left out of the group's size (contract section 5). */
  boolean sizeIgnored() {
    return environment.stream()
        .anyMatch(
            variable ->
                RESOURCE_IGNORE.equals(variable.key())
                    && "TRUE".equalsIgnoreCase(variable.value()));
  }

  private static ContainerAsked of(String path, ContainerRequest container) {
    return new ContainerAsked(
        path,
        false,
        container.name(),
        container.image(),
        container.imagePullPolicy(),
        container.cpu(),
        container.memory(),
        container.command(),
        container.arg(),
        container.workingDir(),
        container.environmentVar(),
        Boolean.TRUE.equals(container.environmentVarHide()),
        container.port(),
        container.volumeMount(),
        container.securityContext());
  }

  private static ContainerAsked of(String path, InitContainerRequest container) {
    return new ContainerAsked(
        path,
        true,
        container.name(),
        container.image(),
        container.imagePullPolicy(),
        container.cpu(),
        container.memory(),
        container.command(),
        container.arg(),
        container.workingDir(),
        container.environmentVar(),
        // The contract has no such switch for init containers.
        false,
        container.port(),
        container.volumeMount(),
        container.securityContext());
  }
}
