package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.pod.SandboxOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings what a group shares to another spec while its sandbox, and with it its address, stays. All
 * of it may be repeated from the beginning.
 */
final class SandboxUpdates {

  private static final System.Logger LOG = System.getLogger(SandboxUpdates.class.getName());
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration LONGEST_CLEARING = Duration.ofMinutes(2);
  private static final long MEMORY_BYTES = 16L << 20;
  private static final long PIDS = 8;

  private final EngineCalls calls;
  private final EngineImages images;
  private final GroupVolumes volumes;
  private final VolumeKeepers keepers;
  private final NameFiles names;
  private final HostSide host;
  private final HostPathGuard paths;
  private final NfsReach nfs;
  private final SharedContainers shared;

  SandboxUpdates(
      EngineCalls calls,
      EngineImages images,
      GroupVolumes volumes,
      VolumeKeepers keepers,
      NameFiles names,
      HostSide host,
      HostPathGuard paths) {
    this.calls = calls;
    this.images = images;
    this.volumes = volumes;
    this.keepers = keepers;
    this.names = names;
    this.host = host;
    this.paths = paths;
    this.nfs = new NfsReach(calls, images);
    this.shared = new SharedContainers(calls);
  }

  void update(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    InstallationId installation = order.installation();
    ContainerGroupId group = order.group();
    InspectContainerResponse sandbox =
        shared
            .inspect(Names.sandbox(installation, group))
            .filter(found -> Boolean.TRUE.equals(found.getState().getRunning()))
            .orElseThrow(
                () ->
                    new RuntimeUnavailableException(
                        "there is no sandbox of group " + group + " that could be updated"));
    VolumeParts parts = volumes.newParts(installation, group, order.spec());
    volumes.ensure(order, parts, fence);
    List<Container> alive = running(installation, group);
    // No container may ever have more of the processors than its group.
    resize(order.spec(), alive, true, fence);
    String parent = host.cgroup(installation, group, order.spec().size(), fence).orElse(null);
    resize(order.spec(), alive, false, fence);
    String keeper = keeper(order, parts, sandbox, parent, fence);
    freshMessages(keeper, order.spec(), alive, fence);
    names.update(sandbox, order.spec(), fence);
    removeGone(order, parts, fence);
  }

  private String keeper(
      SandboxOrder order,
      VolumeParts parts,
      InspectContainerResponse sandbox,
      @Nullable String cgroupParent,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    nfs.require(order, fence);
    Optional<String> guard = paths.hold(order, parts, fence);
    try {
      return keepers.ensure(order, parts, sandbox, cgroupParent, fence);
    } catch (RuntimeUnavailableException e) {
      throw FailedMounts.told(e, parts);
    } finally {
      if (guard.isPresent()) {
        paths.release(guard.get(), fence);
      }
    }
  }

  private List<Container> running(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    Map<String, String> labels = Names.ofGroup(installation, group);
    labels.put(Names.ROLE, Names.ROLE_CONTAINER);
    return calls.read(docker -> docker.listContainersCmd().withLabelFilter(labels).exec());
  }

  private void freshMessages(String keeper, GroupSpec spec, List<Container> alive, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Set<String> talking =
        alive.stream()
            .map(container -> container.getLabels().get(Names.CONTAINER))
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    List<String> fresh =
        Stream.concat(spec.initContainers().stream(), spec.containers().stream())
            .map(ContainerSpec::name)
            .filter(name -> !talking.contains(name))
            .toList();
    if (!fresh.isEmpty()) {
      MessageFiles.put(shared, keeper, fresh, fence);
    }
  }

  /**
   * Containers that go on and may use all of their group's size.
   *
   * @param shrinking whether those are meant that get less of the processors, or all others
   */
  private void resize(GroupSpec spec, List<Container> alive, boolean shrinking, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (Container container : alive) {
      boolean usesAll =
          spec.containers().stream()
              .anyMatch(
                  wanted ->
                      wanted.size() == null
                          && wanted.name().equals(container.getLabels().get(Names.CONTAINER)));
      if (usesAll) {
        resize(container.getId(), spec.size(), shrinking, fence);
      }
    }
  }

  private void resize(String container, Size size, boolean shrinking, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    HostConfig wanted = ContainerLimits.size(new HostConfig(), size);
    HostConfig has =
        shared.inspect(container).map(InspectContainerResponse::getHostConfig).orElse(null);
    if (has == null || shrinking != (quota(has) > quota(wanted))) {
      return;
    }
    Map<String, Long> limits = new LinkedHashMap<>();
    limits.put("CpuPeriod", Objects.requireNonNull(wanted.getCpuPeriod()));
    limits.put("CpuQuota", Objects.requireNonNull(wanted.getCpuQuota()));
    limits.put("Memory", Objects.requireNonNull(wanted.getMemory()));
    limits.put("MemorySwap", Objects.requireNonNull(wanted.getMemorySwap()));
    try {
      calls.follow(
          EngineRequest.post(
              "/containers/" + container + "/update", JSON.writeValueAsBytes(limits)),
          CallScope.changing(calls.timeout(), fence),
          _ -> {});
    } catch (DockerException e) {
      // It uses more memory than it may have now, or has just ended.
      LOG.log(
          System.Logger.Level.WARNING,
          "container {0} keeps its limits until it is made anew: {1}",
          container,
          EngineErrors.words(e));
    }
  }

  private static long quota(HostConfig limits) {
    Long quota = limits.getCpuQuota();
    return quota == null || quota <= 0 ? Long.MAX_VALUE : quota;
  }

  /**
   * Volumes that are wanted no more are removed; those that the sandbox was made with stay as long
   * as it does, but what is in them goes.
   */
  private void removeGone(SandboxOrder order, VolumeParts parts, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Set<String> wanted =
        parts.all().stream().flatMap(DataVolumes::names).collect(Collectors.toSet());
    wanted.add(Names.messages(order.installation(), order.group()));
    List<String> left = new ArrayList<>();
    var there = volumes.find(Names.ofGroup(order.installation(), order.group()));
    Set<String> names =
        there.stream().map(InspectVolumeResponse::getName).collect(Collectors.toSet());
    for (var volume : there) {
      String name = volume.getName();
      if (!wanted.contains(name)
          && !DataVolumes.isLayer(name, names)
          && !isUsed(name)
          && !volumes.removeUnused(name, fence)
          && !VolumeKind.isLasting(volume)) {
        left.add(name);
      }
    }
    volumes.detachUnwanted(order, fence);
    if (!left.isEmpty()) {
      clear(order, left, fence);
    }
  }

  private boolean isUsed(String volume) throws RuntimeUnavailableException {
    return calls
        .read(docker -> docker.listContainersCmd().withVolumeFilter(List.of(volume)).exec())
        .stream()
        .anyMatch(c -> Names.ROLE_CONTAINER.equals(c.getLabels().get(Names.ROLE)));
  }

  private void clear(SandboxOrder order, List<String> left, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    List<Mount> mounts = new ArrayList<>();
    List<String> command = new ArrayList<>(List.of("clear"));
    for (String volume : left) {
      String folder = GroupVolumes.folder(mounts.size());
      command.add(folder);
      mounts.add(
          new Mount()
              .withType(MountType.VOLUME)
              .withSource(volume)
              .withTarget(folder)
              .withVolumeOptions(new VolumeOptions().withNoCopy(true)));
    }
    HostConfig config =
        ContainerLimits.ofOurs(MEMORY_BYTES, PIDS)
            .withNetworkMode("none")
            .withMounts(mounts)
            .withCapAdd(Capability.DAC_OVERRIDE, Capability.FOWNER);
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_END);
    String name = order.installation() + "-" + order.group() + "-clear";
    shared.remove(name, fence);
    shared.make(name, images.sandbox(fence), command, labels, config, fence);
    try {
      int code = shared.run(name, LONGEST_CLEARING, fence);
      if (code != 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "volumes of {0} that are wanted no more are not quite empty: {1}",
            order.group(),
            left);
      }
    } finally {
      shared.remove(name, fence);
    }
  }
}
