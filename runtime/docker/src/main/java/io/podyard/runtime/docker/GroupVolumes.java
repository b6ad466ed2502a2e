package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
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

/**
 * The volumes of groups. The sandbox mounts all of them as long as the group lives, so that what is
 * kept in memory outlasts the containers that wrote it.
 */
final class GroupVolumes {

  private final EngineCalls calls;

  GroupVolumes(EngineCalls calls) {
    this.calls = calls;
  }

  void ensure(SandboxOrder order, VolumeParts parts, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_VOLUME);
    for (VolumeParts.Part part : parts.all()) {
      calls.change(
          fence,
          docker ->
              docker
                  .createVolumeCmd()
                  .withName(part.name())
                  .withDriver("local")
                  .withDriverOpts(options(part.volume()))
                  .withLabels(labels)
                  .exec());
    }
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

  /** All volumes, for the sandbox. */
  static List<Mount> forSandbox(VolumeParts parts) {
    List<Mount> mounts = new ArrayList<>();
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
    VolumeParts parts =
        VolumeParts.of(order.name().installation(), order.name().group(), order.group());
    List<Mount> mounts = new ArrayList<>();
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

  void remove(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (InspectVolumeResponse volume : find(Names.ofGroup(installation, group))) {
      calls.act(
          fence,
          docker -> {
            try {
              docker.removeVolumeCmd(volume.getName()).exec();
            } catch (NotFoundException e) {
              // Gone already.
            }
          });
    }
  }
}
