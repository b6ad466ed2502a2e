package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.pod.SandboxOrder;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The containers that hold the volumes of groups. That is the sandbox; but what a container mounts
 * never changes, so once the volumes of a group change a keeper beside the sandbox holds all that
 * are wanted then. The next one runs before the one before it goes, so what is in memory stays.
 */
final class VolumeKeepers {

  private static final long MEMORY_BYTES = 16L << 20;
  private static final long PIDS = 64;

  private final EngineCalls calls;
  private final DockerEngineSettings settings;
  private final EngineImages images;
  private final SharedContainers shared;

  VolumeKeepers(EngineCalls calls, DockerEngineSettings settings, EngineImages images) {
    this.calls = calls;
    this.settings = settings;
    this.images = images;
    this.shared = new SharedContainers(calls);
  }

  /** The newest container that runs and holds the volumes of a group. */
  Optional<String> of(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    return holders(installation, group).stream()
        .filter(holder -> "running".equals(holder.getState()))
        .max(
            Comparator.comparing((Container holder) -> role(holder).equals(Names.ROLE_KEEPER))
                .thenComparing(Container::getCreated))
        .map(Container::getId);
  }

  private List<Container> holders(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    return calls
        .read(
            docker ->
                docker
                    .listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Names.ofGroup(installation, group))
                    .exec())
        .stream()
        .filter(c -> Set.of(Names.ROLE_SANDBOX, Names.ROLE_KEEPER).contains(role(c)))
        .toList();
  }

  private static String role(Container container) {
    return container.getLabels().getOrDefault(Names.ROLE, "");
  }

  /**
   * Sees to it that all volumes of a group are held and filled; answers by whom.
   *
   * @param sandbox which runs
   * @param cgroupParent null for none
   */
  String ensure(
      SandboxOrder order,
      VolumeParts parts,
      InspectContainerResponse sandbox,
      @Nullable String cgroupParent,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    List<Mount> wanted =
        GroupVolumes.held(Names.messages(order.installation(), order.group()), parts);
    Map<String, String> content = new TreeMap<>();
    wanted.forEach(mount -> content.put(mount.getTarget(), mount.getSource()));
    List<Container> keepers =
        holders(order.installation(), order.group()).stream()
            .filter(holder -> role(holder).equals(Names.ROLE_KEEPER))
            .toList();
    if (keepers.isEmpty() && held(sandbox).entrySet().containsAll(content.entrySet())) {
      return sandbox.getId();
    }
    // What only the sandbox holds by now may have been emptied since.
    Set<String> filled = new HashSet<>(keepers.isEmpty() ? held(sandbox).values() : List.of());
    for (Container keeper : keepers) {
      if ("running".equals(keeper.getState())) {
        shared.inspect(keeper.getId()).ifPresent(found -> filled.addAll(held(found).values()));
      }
    }
    if (filled.contains(Names.messages(order.installation(), order.group()))) {
      filled.add(MessageFiles.PLACE);
    }
    InspectContainerResponse keeper = make(order, wanted, content, cgroupParent, fence);
    if (!Boolean.TRUE.equals(keeper.getState().getRunning())) {
      if (!"created".equals(keeper.getState().getStatus())) {
        shared.remove(keeper.getId(), fence);
        keeper = make(order, wanted, content, cgroupParent, fence);
      }
      shared.fill(keeper.getId(), new VolumeFilling(order.spec(), parts, filled), fence);
      shared.start(keeper.getId(), fence);
    }
    for (Container before : keepers) {
      if (!before.getId().equals(keeper.getId())) {
        shared.remove(before.getId(), fence);
      }
    }
    return keeper.getId();
  }

  private InspectContainerResponse make(
      SandboxOrder order,
      List<Mount> mounts,
      Map<String, String> content,
      @Nullable String cgroupParent,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_KEEPER);
    HostConfig config =
        ContainerLimits.ofOurs(MEMORY_BYTES, PIDS)
            .withNetworkMode("none")
            .withMounts(mounts)
            .withCapAdd(Capability.DAC_READ_SEARCH);
    if (cgroupParent != null) {
      config.withCgroupParent(cgroupParent);
    }
    if (settings.ociRuntime() != null) {
      config.withRuntime(settings.ociRuntime());
    }
    String name = Names.keeper(order.installation(), order.group(), content.toString());
    return shared.make(name, images.sandbox(fence), List.of("pause"), labels, config, fence);
  }

  /** The volumes that a container mounts, by where. */
  static Map<String, String> held(InspectContainerResponse holder) {
    Map<String, String> held = new LinkedHashMap<>();
    List<InspectContainerResponse.Mount> mounts = holder.getMounts();
    if (mounts != null) {
      for (InspectContainerResponse.Mount mount : mounts) {
        if (mount.getName() != null && mount.getDestination() != null) {
          held.put(mount.getDestination().getPath(), mount.getName());
        }
      }
    }
    return held;
  }
}
