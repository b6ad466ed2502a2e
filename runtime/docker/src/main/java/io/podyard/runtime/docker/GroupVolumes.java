package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.SandboxOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of groups. The sandbox mounts all of them as long as the group lives, so that what is
 * kept in memory outlasts the containers that wrote it.
 */
final class GroupVolumes {

  private final EngineCalls calls;

  GroupVolumes(EngineCalls calls) {
    this.calls = calls;
  }

  /** Makes what is not there, the volume of messages included. */
  void ensure(SandboxOrder order, VolumeParts parts, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_VOLUME);
    labels.put(Names.VOLUME, MessageFiles.PLACE);
    make(Names.messages(order.installation(), order.group()), Map.of(), labels, fence);
    for (VolumeParts.Part part : parts.all()) {
      labels.put(Names.VOLUME, VolumeKind.of(order.group(), order.spec(), part.volume()));
      make(part.name(), options(part.volume()), labels, fence);
    }
  }

  private void make(
      String name, Map<String, String> options, Map<String, String> labels, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.change(
        fence,
        docker ->
            docker
                .createVolumeCmd()
                .withName(name)
                .withDriver("local")
                .withDriverOpts(options)
                .withLabels(labels)
                .exec());
  }

  /** The parts of a group's volumes by the names that the engine has them under. */
  VolumeParts parts(InstallationId installation, ContainerGroupId group, GroupSpec spec)
      throws RuntimeUnavailableException {
    return parts(installation, group, spec, false);
  }

  /** The same, with names of their own for those that have become something else. */
  VolumeParts newParts(InstallationId installation, ContainerGroupId group, GroupSpec spec)
      throws RuntimeUnavailableException {
    return parts(installation, group, spec, true);
  }

  private VolumeParts parts(
      InstallationId installation, ContainerGroupId group, GroupSpec spec, boolean change)
      throws RuntimeUnavailableException {
    VolumeParts wanted = VolumeParts.of(installation, group, spec);
    if (wanted.parts().isEmpty()) {
      return wanted;
    }
    Map<String, InspectVolumeResponse> there = new LinkedHashMap<>();
    for (InspectVolumeResponse volume : find(Names.ofGroup(installation, group))) {
      there.put(volume.getName(), volume);
    }
    return wanted.named(
        part -> name(part, VolumeKind.of(group, spec, part.volume()), there, change));
  }

  private static String name(
      VolumeParts.Part part,
      String kind,
      Map<String, InspectVolumeResponse> there,
      boolean change) {
    InspectVolumeResponse first = there.get(part.name());
    String other = part.name() + "-" + Names.hash(part.name() + "\n" + kind);
    String is = first == null ? null : VolumeKind.of(first);
    if (kind.equals(is)) {
      return part.name();
    }
    if (there.containsKey(other) || is != null) {
      return other;
    }
    boolean same =
        first == null
            || (part.volume() instanceof VolumeSpec.EmptyDir && sameOptions(first, part.volume()));
    return same || !change ? part.name() : other;
  }

  private static boolean sameOptions(InspectVolumeResponse there, VolumeSpec volume) {
    Map<String, String> has = there.getOptions();
    return options(volume).equals(has == null ? Map.of() : has);
  }

  /** Where the engine keeps the messages of a group; null in a sandbox of an earlier version. */
  @Nullable String messages(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    Optional<String> folder =
        calls.read(
            docker -> {
              try {
                return Optional.of(
                    docker
                        .inspectVolumeCmd(Names.messages(installation, group))
                        .exec()
                        .getMountpoint());
              } catch (NotFoundException e) {
                return Optional.empty();
              }
            });
    return folder.orElse(null);
  }

  private static Map<String, String> options(VolumeSpec volume) {
    if (!(volume instanceof VolumeSpec.EmptyDir(String _, boolean inMemory, Integer limit))
        || !inMemory) {
      return Map.of();
    }
    Map<String, String> options = new LinkedHashMap<>();
    options.put("type", "tmpfs");
    options.put("device", "tmpfs");
    options.put("o", "mode=0777,nosuid,nodev" + (limit == null ? "" : ",size=" + limit + "m"));
    return options;
  }

  /** All volumes, for the container that holds them. */
  static List<Mount> held(String messages, VolumeParts parts) {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(
        new Mount()
            .withType(MountType.VOLUME)
            .withSource(messages)
            .withTarget(SandboxImage.MESSAGES)
            .withVolumeOptions(new VolumeOptions().withNoCopy(true)));
    int number = 0;
    for (String volume : parts.parts().keySet()) {
      for (VolumeParts.Place place : parts.places(volume, "", folder(number))) {
        mounts.add(mount(place, false));
      }
      number++;
    }
    return mounts;
  }

  /** Where the sandbox sees the volume of this number. */
  static String folder(int number) {
    return SandboxImage.VOLUMES + "/" + number;
  }

  /** What a container asked for. */
  List<Mount> forContainer(ContainerOrder order)
      throws RuntimeUnavailableException, ContainerRefusedException {
    List<Mount> mounts = new ArrayList<>();
    if (order.spec().mounts().isEmpty()) {
      return mounts;
    }
    VolumeParts parts = parts(order.name().installation(), order.name().group(), order.group());
    for (VolumeMount mount : order.spec().mounts()) {
      List<VolumeParts.Part> whole = parts.parts().get(mount.volume());
      if (whole == null) {
        throw refused(order, "there is no volume " + mount.volume() + " in the group");
      }
      String subPath =
          VolumeParts.subPath(mount)
              .orElseThrow(
                  () -> refused(order, "sub-path " + mount.subPath() + " leads out of its volume"));
      if (whole.getFirst().volume() instanceof VolumeSpec.ConfigFiles && !subPath.isEmpty()) {
        mounts.add(file(whole.getFirst(), subPath, mount.path()));
      } else {
        boolean readOnly =
            mount.readOnly() || whole.getFirst().volume() instanceof VolumeSpec.ConfigFiles;
        for (VolumeParts.Place place : parts.places(mount.volume(), subPath, mount.path())) {
          mounts.add(mount(place, readOnly));
        }
      }
    }
    return mounts;
  }

  private static ContainerRefusedException refused(ContainerOrder order, String why) {
    return new ContainerRefusedException(
        "CreateContainerError", "container " + order.spec().name() + ": " + why);
  }

  private static Mount mount(VolumeParts.Place place, boolean readOnly) {
    return new Mount()
        .withType(MountType.VOLUME)
        .withSource(place.part().name())
        .withTarget(place.path())
        .withReadOnly(readOnly)
        // What an image has at that path stays in the image, as in Kubernetes.
        .withVolumeOptions(new VolumeOptions().withNoCopy(true));
  }

  /**
   * One file or folder of configuration files. Nobody can write these volumes, so the engine may
   * follow the path inside.
   */
  private Mount file(VolumeParts.Part whole, String subPath, String path)
      throws RuntimeUnavailableException {
    InspectVolumeResponse volume =
        calls.read(docker -> docker.inspectVolumeCmd(whole.name()).exec());
    return new Mount()
        .withType(MountType.BIND)
        .withSource(volume.getMountpoint() + "/" + subPath)
        .withTarget(path)
        .withReadOnly(true);
  }

  /** The volumes that the engine has of a group, or of all groups of an installation. */
  List<InspectVolumeResponse> find(Map<String, String> labels) throws RuntimeUnavailableException {
    List<String> filters =
        labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    List<InspectVolumeResponse> found =
        calls.read(
            docker -> docker.listVolumesCmd().withFilter("label", filters).exec().getVolumes());
    return found == null ? List.of() : found;
  }

  /** Removes all volumes of a group. */
  void remove(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (InspectVolumeResponse volume : find(Names.ofGroup(installation, group))) {
      calls.act(fence, docker -> remove(docker, volume.getName()));
    }
  }

  /** Removes a volume unless a container has it; whether it is gone. */
  boolean removeUnused(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return calls.change(
        fence,
        docker -> {
          try {
            remove(docker, name);
            return true;
          } catch (ConflictException e) {
            return false;
          }
        });
  }

  private static void remove(DockerClient docker, String name) {
    try {
      docker.removeVolumeCmd(name).exec();
    } catch (NotFoundException e) {
      // Gone already.
    }
  }
}
