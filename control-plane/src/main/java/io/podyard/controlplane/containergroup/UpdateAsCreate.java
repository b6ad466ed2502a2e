package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.InitContainerRequest;
import io.podyard.api.containergroup.UpdateContainerGroupRequest;
import io.podyard.api.containergroup.UpdateContainerRequest;
import io.podyard.api.containergroup.UpdateInitContainerRequest;
import io.podyard.api.containergroup.UpdateVolumeRequest;
import io.podyard.api.containergroup.VolumeRequest;
import org.jspecify.annotations.Nullable;

/** The parts of a change in the shape in which a create has them, at the same places. */
final class UpdateAsCreate {

  private UpdateAsCreate() {}

  static CreateContainerGroupRequest of(UpdateContainerGroupRequest update) {
    return CreateContainerGroupRequest.builder()
        .container(update.container().stream().map(UpdateAsCreate::container).toList())
        .initContainer(update.initContainer().stream().map(UpdateAsCreate::init).toList())
        .volume(update.volume().stream().map(UpdateAsCreate::volume).toList())
        .cpu(update.cpu())
        .memory(update.memory())
        .build();
  }

  private static ContainerRequest container(UpdateContainerRequest c) {
    return ContainerRequest.builder()
        .arg(c.arg())
        .command(c.command())
        .cpu(c.cpu())
        .environmentVar(c.environmentVar())
        .gpu(c.gpu())
        .image(c.image())
        .imagePullPolicy(c.imagePullPolicy())
        .lifecyclePostStartHandlerExec(c.lifecyclePostStartHandlerExec())
        .lifecyclePostStartHandlerHttpGetHost(c.lifecyclePostStartHandlerHttpGetHost())
        .lifecyclePostStartHandlerHttpGetHttpHeader(c.lifecyclePostStartHandlerHttpGetHttpHeaders())
        .lifecyclePostStartHandlerHttpGetPath(c.lifecyclePostStartHandlerHttpGetPath())
        .lifecyclePostStartHandlerHttpGetPort(c.lifecyclePostStartHandlerHttpGetPort())
        .lifecyclePostStartHandlerHttpGetScheme(c.lifecyclePostStartHandlerHttpGetScheme())
        .lifecyclePostStartHandlerTcpSocketHost(c.lifecyclePostStartHandlerTcpSocketHost())
        .lifecyclePostStartHandlerTcpSocketPort(c.lifecyclePostStartHandlerTcpSocketPort())
        .lifecyclePreStopHandlerExec(c.lifecyclePreStopHandlerExec())
        .lifecyclePreStopHandlerHttpGetHost(c.lifecyclePreStopHandlerHttpGetHost())
        .lifecyclePreStopHandlerHttpGetHttpHeader(c.lifecyclePreStopHandlerHttpGetHttpHeader())
        .lifecyclePreStopHandlerHttpGetPath(c.lifecyclePreStopHandlerHttpGetPath())
        .lifecyclePreStopHandlerHttpGetPort(c.lifecyclePreStopHandlerHttpGetPort())
        .lifecyclePreStopHandlerHttpGetScheme(c.lifecyclePreStopHandlerHttpGetScheme())
        .lifecyclePreStopHandlerTcpSocketHost(c.lifecyclePreStopHandlerTcpSocketHost())
        .lifecyclePreStopHandlerTcpSocketPort(c.lifecyclePreStopHandlerTcpSocketPort())
        .livenessProbe(c.livenessProbe())
        .memory(c.memory())
        .name(c.name())
        .port(c.port())
        .readinessProbe(c.readinessProbe())
        .securityContext(c.securityContext())
        .stdin(c.stdin())
        .stdinOnce(c.stdinOnce())
        .tty(c.tty())
        .volumeMount(c.volumeMount())
        .workingDir(c.workingDir())
        .build();
  }

  private static InitContainerRequest init(UpdateInitContainerRequest c) {
    return InitContainerRequest.builder()
        .arg(c.arg())
        .command(c.command())
        .cpu(c.cpu())
        .environmentVar(c.environmentVar())
        .gpu(c.gpu())
        .image(c.image())
        .imagePullPolicy(c.imagePullPolicy())
        .memory(c.memory())
        .name(c.name())
        .port(c.port())
        .securityContext(c.securityContext())
        .volumeMount(c.volumeMount())
        .workingDir(c.workingDir())
        .build();
  }

  private static VolumeRequest volume(UpdateVolumeRequest v) {
    return new VolumeRequest(
        files(v.configFileVolume()),
        null,
        v.emptyDirVolume(),
        v.flexVolume(),
        v.hostPathVolume(),
        v.nfsVolume(),
        v.name(),
        v.type());
  }

  private static VolumeRequest.@Nullable ConfigFileVolume files(
      UpdateVolumeRequest.@Nullable ConfigFileVolume files) {
    return files == null
        ? null
        : new VolumeRequest.ConfigFileVolume(
            files.configFileToPath().stream()
                .map(
                    file ->
                        new VolumeRequest.ConfigFileToPath(
                            file.content(), file.mode(), file.path()))
                .toList(),
            files.defaultMode());
  }
}
