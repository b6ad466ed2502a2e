package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BindOptions;
import com.github.dockerjava.api.model.BindPropagation;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HostPaths;
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
  private final HostPaths hostPaths;
  private final GroupDisks disks;
  private final DataVolumes data;
  private final EngineVolumes engine;

  GroupVolumes(EngineCalls calls, HostPaths hostPaths, GroupDisks disks, DataVolumes data) {
    this.calls = calls;
    this.disks = disks;
    this.data = data;
    this.engine = new EngineVolumes(calls);
    this.hostPaths = hostPaths;
  }

  /** Makes what is not there, the volume of messages included. */
  void ensure(SandboxOrder order, VolumeParts parts, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_VOLUME);
    labels.put(Names.VOLUME, MessageFiles.PLACE);
    engine.make(Names.messages(order.installation(), order.group()), Map.of(), labels, fence);
    disks.attach(order, fence);
    for (List<VolumeParts.Part> volume : parts.parts().values()) {
      for (VolumeParts.Part part : volume) {
        labels.put(Names.VOLUME, VolumeKind.of(order.group(), order.spec(), part.volume()));
        if (part.volume() instanceof VolumeSpec.DataCache cache) {
          data.mount(order.installation(), cache, part, labels, fence);
        } else {
          engine.make(part.name(), options(order, volume.getFirst(), part), labels, fence);
        }
      }
    }
  }

  /**
   * A path of the host that is allowed.
   *
   * @throws RuntimeUnavailableException if it is not, for the users of the group
   */
  HostPaths.Allowed allowed(VolumeSpec.HostPath volume) throws RuntimeUnavailableException {
    return hostPaths
        .of(volume.path())
        .orElseThrow(
            () ->
                FailedMounts.of(
                    volume, "the operator of its host does not allow " + volume.path()));
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
            || (part.volume() instanceof VolumeSpec.EmptyDir folder && sameOptions(first, folder));
    return same || !change ? part.name() : other;
  }

  /** Of one that a predecessor made, which gave those without a limit none. */
  private static boolean sameOptions(InspectVolumeResponse there, VolumeSpec.EmptyDir volume) {
    Map<String, String> has = there.getOptions();
    Map<String, String> wanted =
        volume.inMemory() ? memory(volume.sizeLimitMib()) : Map.<String, String>of();
    return wanted.equals(has == null ? Map.of() : has);
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

  /**
   * What the engine's own driver is told so that it mounts a part.
   *
   * @param whole the part that all others are in; the engine has it already
   */
  private Map<String, String> options(
      SandboxOrder order, VolumeParts.Part whole, VolumeParts.Part part)
      throws RuntimeUnavailableException {
    return switch (part.volume()) {
      case VolumeSpec.EmptyDir folder -> memory(folder, order.spec().size());
      case VolumeSpec.ConfigFiles _ -> Map.of();
      case VolumeSpec.Nfs nfs -> nfs(nfs, part.subPath());
      case VolumeSpec.Disk _ when !part.subPath().isEmpty() ->
          // A device has no paths to mount; where the engine mounts all of it there are.
          mounted("none", below(engine.place(whole.name()), part.subPath()), "bind");
      case VolumeSpec.Disk disk ->
          mounted("ext4", disks.device(order.installation(), disk), "rw,nosuid,nodev");
      case VolumeSpec.DataCache _ ->
          throw new IllegalArgumentException("data is mounted elsewhere");
      case VolumeSpec.HostPath path -> {
        HostPaths.Allowed allowed = allowed(path);
        yield mounted(
            "none",
            below(path.path(), part.subPath()),
            bind(allowed.writable()) + (part.receiving() ? "" : ",private"));
      }
    };
  }

  private static String bind(boolean writable) {
    return writable ? "bind" : "bind,ro";
  }

  /** Without a limit of its own it holds no more than the group has memory when it is made. */
  private static Map<String, String> memory(VolumeSpec.EmptyDir folder, Size group) {
    Integer limit = folder.sizeLimitMib();
    return folder.inMemory() ? memory(limit == null ? group.memory().value() : limit) : Map.of();
  }

  private static Map<String, String> memory(@Nullable Integer limit) {
    return mounted(
        "tmpfs", "tmpfs", "mode=0777,nosuid,nodev" + (limit == null ? "" : ",size=" + limit + "m"));
  }

  /**
   * The engine asks the kernel by itself, so nobody negotiates a version; 4 is what every server
   * has, and needs no lock daemon on the host.
   */
  private static Map<String, String> nfs(VolumeSpec.Nfs nfs, String subPath) {
    return mounted(
        "nfs",
        ":" + below(nfs.path(), subPath),
        "addr=%s,nfsvers=4,nosuid,nodev,%s".formatted(nfs.server(), nfs.readOnly() ? "ro" : "rw"));
  }

  static Map<String, String> mounted(String type, String device, String options) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("type", type);
    all.put("device", device);
    all.put("o", options);
    return all;
  }

  private static String below(String path, String subPath) {
    return subPath.isEmpty() ? path : (path.equals("/") ? "" : path) + "/" + subPath;
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
    for (List<VolumeParts.Part> volume : parts.parts().values()) {
      int index = 0;
      for (VolumeParts.Part part : volume) {
        String place =
            VolumeKind.isLasting(part.volume())
                ? folder(number, index)
                : part.subPath().isEmpty() ? folder(number) : folder(number) + "/" + part.subPath();
        mounts.add(mount(new VolumeParts.Place(part, place), false));
        if (part.volume() instanceof VolumeSpec.DataCache data && data.takesDisk()) {
          mounts.add(mount(DataVolumes.upper(part.name()), written(number, index), true));
        }
        index++;
      }
      number++;
    }
    return mounts;
  }

  /** Where the sandbox sees a part of a volume that outlives the group. */
  static String folder(int number, int part) {
    return part == 0 ? folder(number) : folder(number) + "." + part;
  }

  /** Where the sandbox sees what the group wrote over a part of a data cache. */
  static String written(int number, int part) {
    return folder(number) + "." + part + ".written";
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
      if (whole.isEmpty()) {
        if (!subPath.isEmpty()) {
          throw refused(order, "volume " + mount.volume() + " is a file and has no sub-paths");
        }
        mounts.add(hostFile(order, mount));
      } else if (whole.getFirst().volume() instanceof VolumeSpec.ConfigFiles
          && !subPath.isEmpty()) {
        mounts.add(file(whole.getFirst(), subPath, mount.path()));
      } else {
        boolean readOnly =
            mount.readOnly()
                || whole.getFirst().volume() instanceof VolumeSpec.ConfigFiles
                || (whole.getFirst().volume() instanceof VolumeSpec.DataCache cache
                    && cache.readOnly());
        boolean receiving = VolumeParts.receives(whole.getFirst().volume(), mount);
        for (VolumeParts.Place place :
            parts.places(mount.volume(), subPath, receiving, mount.path())) {
          mounts.add(
              switch (mount.propagation()) {
                case null -> mount(place, readOnly);
                case HOST_TO_CONTAINER -> receiving(place, readOnly);
              });
        }
      }
    }
    return mounts;
  }

  /**
   * A volume into which the host's later mounts come. The engine lets that be said of paths alone;
   * the volume is mounted at its own as long as the sandbox has it.
   */
  private Mount receiving(VolumeParts.Place place, boolean readOnly)
      throws RuntimeUnavailableException {
    return new Mount()
        .withType(MountType.BIND)
        .withSource(engine.place(place.part().name()))
        .withTarget(place.path())
        .withReadOnly(readOnly)
        .withBindOptions(new BindOptions().withPropagation(BindPropagation.R_SLAVE));
  }

  private Mount hostFile(ContainerOrder order, VolumeMount mount)
      throws RuntimeUnavailableException {
    VolumeSpec.HostPath file =
        order.group().volumes().stream()
            .filter(volume -> volume.name().equals(mount.volume()))
            .filter(VolumeSpec.HostPath.class::isInstance)
            .map(VolumeSpec.HostPath.class::cast)
            .findFirst()
            .orElseThrow();
    return new Mount()
        .withType(MountType.BIND)
        .withSource(file.path())
        .withTarget(mount.path())
        .withReadOnly(mount.readOnly() || !allowed(file).writable());
  }

  private static ContainerRefusedException refused(ContainerOrder order, String why) {
    return new ContainerRefusedException(
        "CreateContainerError", "container " + order.spec().name() + ": " + why);
  }

  private static Mount mount(VolumeParts.Place place, boolean readOnly) {
    return mount(place.part().name(), place.path(), readOnly);
  }

  private static Mount mount(String volume, String path, boolean readOnly) {
    return new Mount()
        .withType(MountType.VOLUME)
        .withSource(volume)
        .withTarget(path)
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
    return new Mount()
        .withType(MountType.BIND)
        .withSource(engine.place(whole.name()) + "/" + subPath)
        .withTarget(path)
        .withReadOnly(true);
  }

  /** The volumes that the engine has of a group, or of all groups of an installation. */
  List<InspectVolumeResponse> find(Map<String, String> labels) throws RuntimeUnavailableException {
    return engine.find(labels);
  }

  /** Removes all volumes of a group. */
  void remove(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    // First: once its volumes are gone nothing tells that there is something of the group.
    disks.detachAll(installation, group, fence);
    boolean hadData = false;
    for (InspectVolumeResponse volume : find(Names.ofGroup(installation, group))) {
      hadData |= DataVolumes.digest(volume) != null;
      engine.remove(volume.getName(), fence);
    }
    if (hadData) {
      data.removeUnused(installation, fence);
    }
  }

  /** Detaches the disks that a group does not ask for any more, as far as nobody uses them. */
  void detachUnwanted(SandboxOrder order, Fence fence) throws StaleFenceException {
    disks.detachUnwanted(order, fence);
  }

  /** Removes a volume unless a container has it; whether it is gone. */
  boolean removeUnused(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return engine.removeUnused(name, fence);
  }
}
