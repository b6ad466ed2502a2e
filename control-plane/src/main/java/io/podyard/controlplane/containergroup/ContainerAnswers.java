package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ContainerResponse;
import io.podyard.api.containergroup.ContainerStateResponse;
import io.podyard.api.containergroup.EnvironmentVarResponse;
import io.podyard.api.containergroup.InitContainerResponse;
import io.podyard.api.containergroup.PortResponse;
import io.podyard.api.containergroup.SecurityContextResponse;
import io.podyard.api.containergroup.VolumeMountResponse;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.VolumeMount;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The containers of one stored group in the shape of the contract (sections 2.2 and 5). */
final class ContainerAnswers {

  private final GroupRecord group;

  /** What every container says as long as nothing was done for its group. */
  private final GroupState untouched;

  ContainerAnswers(GroupRecord group) {
    this.group = group;
    this.untouched = GroupState.initial(group.spec());
  }

  ContainerResponse container(ContainerSpec spec) {
    Optional<ContainerProgress> progress = group.state().container(spec.name());
    ContainerStatus current = current(spec, progress);
    return ContainerResponse.builder()
        .args(spec.args())
        .commands(spec.command())
        .cpu(GroupAnswers.vcpu(spec.size()))
        .currentState(state(current))
        .environmentVars(environment(spec))
        .gpu(gpu(spec))
        .image(spec.image())
        .imagePullPolicy(PolicyNames.of(spec.pullPolicy()))
        .memory(GroupAnswers.gib(spec.size()))
        .name(spec.name())
        .ports(ports(spec))
        .previousState(previous(progress))
        .livenessProbe(ProbeAnswers.of(spec.lifecycle().livenessProbe()))
        .readinessProbe(ProbeAnswers.of(spec.lifecycle().readinessProbe()))
        .ready(progress.map(ContainerProgress::ready).orElse(false))
        .restartCount(progress.map(ContainerProgress::restarts).orElse(0))
        .securityContext(securityContext(spec))
        .stdin(spec.terminal().stdin())
        .stdinOnce(spec.terminal().stdinOnce())
        .tty(spec.terminal().tty())
        .volumeMounts(mounts(spec))
        .workingDir(spec.workingDir())
        .build();
  }

  InitContainerResponse initContainer(ContainerSpec spec) {
    Optional<ContainerProgress> progress = group.state().container(spec.name());
    ContainerStatus current = current(spec, progress);
    return InitContainerResponse.builder()
        .args(spec.args())
        .command(spec.command())
        .cpu(GroupAnswers.vcpu(spec.size()))
        .currentState(state(current))
        .environmentVars(environment(spec))
        .gpu(gpu(spec))
        .image(spec.image())
        .imagePullPolicy(PolicyNames.of(spec.pullPolicy()))
        .memory(GroupAnswers.gib(spec.size()))
        .name(spec.name())
        .ports(ports(spec))
        .previousState(previous(progress))
        // An init container is ready once it has done its work.
        .ready(current instanceof ContainerStatus.Terminated ended && ended.succeeded())
        .restartCount(progress.map(ContainerProgress::restarts).orElse(0))
        .securityContext(securityContext(spec))
        .volumeMounts(mounts(spec))
        .workingDir(spec.workingDir())
        .build();
  }

  private @Nullable Integer gpu(ContainerSpec spec) {
    GroupGpus gpus = group.spec().gpus();
    int count = gpus == null ? 0 : gpus.of(spec.name());
    return count == 0 ? null : count;
  }

  /**
   * What the container does. The answer has no other place for why a group waits, so a container
   * that nothing was done for says what its group says.
   */
  private ContainerStatus current(ContainerSpec spec, Optional<ContainerProgress> progress) {
    ContainerStatus initial =
        untouched
            .container(spec.name())
            .map(ContainerProgress::current)
            .orElseGet(() -> new ContainerStatus.Waiting("", ""));
    ContainerStatus current = progress.map(ContainerProgress::current).orElse(initial);
    boolean tellsNothing =
        current.equals(initial)
            || (current instanceof ContainerStatus.Waiting waiting && waiting.reason().isEmpty());
    return tellsNothing && !group.reason().isEmpty()
        ? new ContainerStatus.Waiting(group.reason(), group.message())
        : current;
  }

  private static @Nullable ContainerStateResponse previous(Optional<ContainerProgress> progress) {
    ContainerStatus.Terminated previous = progress.isPresent() ? progress.get().previous() : null;
    return previous == null ? null : state(previous);
  }

  private static ContainerStateResponse state(ContainerStatus status) {
    return switch (status) {
      case ContainerStatus.Waiting(String reason, String message) ->
          new ContainerStateResponse(reason, null, null, message, reason, null, null, "Waiting");
      case ContainerStatus.Running running ->
          new ContainerStateResponse(
              "Running",
              null,
              null,
              null,
              null,
              null,
              GroupAnswers.time(running.since()),
              "Running");
      case ContainerStatus.Terminated ended ->
          new ContainerStateResponse(
              ended.reason(),
              ended.exitCode(),
              GroupAnswers.time(ended.finishedAt()),
              ended.message(),
              ended.reason(),
              ended.signal(),
              GroupAnswers.time(ended.startedAt()),
              "Terminated");
    };
  }

  private static List<EnvironmentVarResponse> environment(ContainerSpec spec) {
    return spec.environment().stream()
        .map(variable -> environmentVar(variable, spec.hideEnvironment()))
        .toList();
  }

  private static EnvironmentVarResponse environmentVar(
      EnvironmentVariable variable, boolean hidden) {
    return switch (variable.source()) {
      case VALUE ->
          EnvironmentVarResponse.of(variable.name(), hidden ? null : variable.value().reveal());
      case POD_IP ->
          new EnvironmentVarResponse(
              variable.name(),
              null,
              new EnvironmentVarResponse.ValueFrom(
                  new EnvironmentVarResponse.FieldRef(EnvironmentRules.POD_IP)));
    };
  }

  private static List<PortResponse> ports(ContainerSpec spec) {
    return spec.ports().stream()
        .map(port -> new PortResponse(port.port(), port.protocol().name()))
        .toList();
  }

  private static List<VolumeMountResponse> mounts(ContainerSpec spec) {
    return spec.mounts().stream()
        .map(
            mount ->
                new VolumeMountResponse(
                    mount.path(),
                    propagation(mount.propagation()),
                    mount.volume(),
                    mount.readOnly(),
                    mount.subPath()))
        .toList();
  }

  private static String propagation(VolumeMount.@Nullable Propagation propagation) {
    return switch (propagation) {
      case null -> "None";
      case HOST_TO_CONTAINER -> "HostToContainer";
    };
  }

  private static @Nullable SecurityContextResponse securityContext(ContainerSpec spec) {
    List<String> added = spec.addedCapabilities();
    if (added.isEmpty() && !spec.readOnlyRootFilesystem() && spec.runAsUser() == null) {
      return null;
    }
    return new SecurityContextResponse(
        added.isEmpty() ? null : new SecurityContextResponse.Capability(added),
        spec.readOnlyRootFilesystem(),
        spec.runAsUser());
  }
}
