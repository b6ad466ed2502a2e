package io.podyard.runtime.docker;

import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HostAlias;
import io.podyard.runtime.Terminal;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Specs with a few things changed. */
final class Specs {

  @Nullable Size size;
  List<String> args = List.of();
  @Nullable String workingDir;
  List<EnvironmentVariable> environment = List.of();
  List<VolumeMount> mounts = List.of();
  @Nullable Long runAsUser;
  boolean readOnly;
  List<String> addedCapabilities = List.of();
  @Nullable Long runAsGroup;
  boolean runAsNonRoot;
  Terminal terminal = Terminal.NONE;
  TerminationMessage message = TerminationMessage.DEFAULT;

  private Specs() {}

  static ContainerSpec changed(ContainerSpec spec, Consumer<Specs> change) {
    Specs c = new Specs();
    change.accept(c);
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.pullPolicy(),
        c.size,
        spec.command(),
        c.args,
        c.workingDir,
        c.environment,
        false,
        List.of(),
        c.mounts,
        c.runAsUser,
        c.readOnly,
        c.addedCapabilities,
        c.runAsGroup,
        c.runAsNonRoot,
        spec.lifecycle(),
        c.terminal,
        c.message,
        spec.role(),
        spec.ignoreExitCode(),
        spec.revision());
  }

  static GroupSpec withVolumes(GroupSpec spec, VolumeSpec... volumes) {
    return with(spec, List.of(volumes), List.of(), null, null);
  }

  static GroupSpec with(
      GroupSpec spec,
      List<VolumeSpec> volumes,
      List<HostAlias> aliases,
      @Nullable DnsSettings dns,
      @Nullable String hostName) {
    return new GroupSpec(
        spec.version(),
        spec.name(),
        spec.size(),
        spec.restartPolicy(),
        spec.initContainers(),
        spec.containers(),
        volumes,
        List.of(),
        List.of(),
        List.of(),
        aliases,
        dns,
        hostName,
        spec.terminationGraceSeconds(),
        null,
        spec.maxPendingMinutes(),
        spec.vSwitch(),
        spec.kernel(),
        spec.ephemeralStorageMib(),
        spec.address());
  }
}
