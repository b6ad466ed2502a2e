package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.EnvironmentVarRequest;
import io.podyard.api.containergroup.InitContainerRequest;
import io.podyard.api.containergroup.PortRequest;
import io.podyard.api.containergroup.ProbeRequest;
import io.podyard.api.containergroup.SecurityContextRequest;
import io.podyard.api.containergroup.UpdateInitContainerRequest;
import io.podyard.api.containergroup.VolumeMountRequest;
import io.podyard.runtime.ContainerRole;
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
    @Nullable Integer gpu,
    List<String> command,
    List<String> arg,
    @Nullable String workingDir,
    List<EnvironmentVarRequest> environment,
    boolean hideEnvironment,
    List<PortRequest> ports,
    List<VolumeMountRequest> mounts,
    @Nullable SecurityContextRequest securityContext,
    @Nullable Long runAsGroup,
    boolean runAsNonRoot,
    @Nullable ProbeRequest livenessProbe,
    @Nullable ProbeRequest readinessProbe,
    @Nullable HookAsked postStart,
    @Nullable HookAsked preStop,
    boolean stdin,
    boolean stdinOnce,
    boolean tty,
    @Nullable String terminationMessagePath,
    @Nullable String terminationMessagePolicy) {

  /** Said of a container by one of its variables: its size does not count. */
  private static final String RESOURCE_IGNORE = "__ECI_RESOURCE_IGNORE__";

  /** The same: whether it is a sidecar. */
  static final String TYPE = "ECI_CONTAINER_TYPE";

  /** The same: whether its exit code says nothing of the group. */
  static final String IGNORE_EXIT_CODE = "ECI_CONTAINER_IGNORE_EXIT_CODE";

  /** All containers of a request in the order of the contract: containers, init containers. */
  static List<ContainerAsked> of(CreateContainerGroupRequest request) {
    return of(request, List.of(), "HttpGetHttpHeader");
  }

  /**
   * The same of a request that was made of one with other names.
   *
   * @param updates the init containers as they were asked for: only an update says of them whether
   *     they have a terminal
   * @param postStartHeaders how it calls the headers of a post-start hook (contract section 2.2)
   */
  static List<ContainerAsked> of(
      CreateContainerGroupRequest request,
      List<UpdateInitContainerRequest> updates,
      String postStartHeaders) {
    List<ContainerAsked> asked = new ArrayList<>();
    for (ContainerRequest container : request.container()) {
      asked.add(of("Container." + (asked.size() + 1), postStartHeaders, container));
    }
    int containers = asked.size();
    for (InitContainerRequest container : request.initContainer()) {
      int place = asked.size() - containers;
      UpdateInitContainerRequest update = place < updates.size() ? updates.get(place) : null;
      asked.add(of("InitContainer." + (place + 1), container, update));
    }
    return asked;
  }

  /**
   * A container that is there already, as far as its size goes.
   *
   * @param list in which it would stand
   */
  static ContainerAsked ofSize(
      String list,
      boolean init,
      String name,
      @Nullable BigDecimal cpu,
      @Nullable BigDecimal memory,
      List<EnvironmentVarRequest> environment) {
    return new ContainerAsked(
        list + " " + name,
        init,
        name,
        null,
        null,
        cpu,
        memory,
        null,
        List.of(),
        List.of(),
        null,
        environment,
        false,
        List.of(),
        List.of(),
        null,
        null,
        false,
        null,
        null,
        null,
        null,
        false,
        false,
        false,
        null,
        null);
  }

  /** Whether it is stopped once the others ended (contract section 5). */
  ContainerRole role() {
    return saysOfItself(TYPE, "sidecar") && !init ? ContainerRole.SIDECAR : ContainerRole.NORMAL;
  }

  /** Whether a bad end of it counts as a good one (contract section 5). */
  boolean exitCodeIgnored() {
    return saysOfItself(IGNORE_EXIT_CODE, "true");
  }

  /** Whether it is left out of the group's size (contract section 5). */
  boolean sizeIgnored() {
    return saysOfItself(RESOURCE_IGNORE, "TRUE");
  }

  private boolean saysOfItself(String key, String value) {
    return environment.stream()
        .anyMatch(
            variable -> key.equals(variable.key()) && value.equalsIgnoreCase(variable.value()));
  }

  private static ContainerAsked of(
      String path, String postStartHeaders, ContainerRequest container) {
    return new ContainerAsked(
        path,
        false,
        container.name(),
        container.image(),
        container.imagePullPolicy(),
        container.cpu(),
        container.memory(),
        container.gpu(),
        container.command(),
        container.arg(),
        container.workingDir(),
        container.environmentVar(),
        Boolean.TRUE.equals(container.environmentVarHide()),
        container.port(),
        container.volumeMount(),
        container.securityContext(),
        container.securityContextRunAsGroup(),
        Boolean.TRUE.equals(container.securityContextRunAsNonRoot()),
        container.livenessProbe(),
        container.readinessProbe(),
        HookAsked.postStart(path, postStartHeaders, container),
        HookAsked.preStop(path, container),
        Boolean.TRUE.equals(container.stdin()),
        Boolean.TRUE.equals(container.stdinOnce()),
        Boolean.TRUE.equals(container.tty()),
        container.terminationMessagePath(),
        container.terminationMessagePolicy());
  }

  private static ContainerAsked of(
      String path, InitContainerRequest container, @Nullable UpdateInitContainerRequest update) {
    return new ContainerAsked(
        path,
        true,
        container.name(),
        container.image(),
        container.imagePullPolicy(),
        container.cpu(),
        container.memory(),
        container.gpu(),
        container.command(),
        container.arg(),
        container.workingDir(),
        container.environmentVar(),
        // The contract has no such switch for init containers.
        false,
        container.port(),
        container.volumeMount(),
        container.securityContext(),
        // Nor for what only a container has that goes on running.
        null,
        false,
        null,
        null,
        null,
        null,
        update != null && Boolean.TRUE.equals(update.stdin()),
        update != null && Boolean.TRUE.equals(update.stdinOnce()),
        update != null && Boolean.TRUE.equals(update.tty()),
        container.terminationMessagePath(),
        container.terminationMessagePolicy());
  }
}
