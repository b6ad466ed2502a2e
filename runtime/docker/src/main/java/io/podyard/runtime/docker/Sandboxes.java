package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.pod.SandboxOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes and removes sandboxes: the network, the volumes and the limits that a group shares. */
final class Sandboxes {

  private static final long MEMORY_BYTES = 32L << 20;
  private static final long PIDS = 64;

  /** Roles of containers that are the group's, not one of its containers. */
  private static final Set<String> SHARED =
      Set.of(Names.ROLE_SANDBOX, Names.ROLE_KEEPER, Names.ROLE_END);

  private final EngineCalls calls;
  private final DockerEngineSettings settings;
  private final EngineImages images;
  private final GroupNetworks networks;
  private final ClosedRoutes routes;
  private final GroupVolumes volumes;
  private final HostSide host;
  private final HostPathGuard paths;
  private final NfsReach nfs;
  private final SharedContainers shared;

  Sandboxes(
      EngineCalls calls,
      DockerEngineSettings settings,
      EngineImages images,
      GroupNetworks networks,
      ClosedRoutes routes,
      GroupVolumes volumes,
      HostSide host,
      HostPathGuard paths) {
    this.calls = calls;
    this.settings = settings;
    this.images = images;
    this.networks = networks;
    this.routes = routes;
    this.volumes = volumes;
    this.host = host;
    this.paths = paths;
    this.nfs = new NfsReach(calls, images);
    this.shared = new SharedContainers(calls);
  }

  void create(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String image = images.sandbox(fence);
    VolumeParts parts = volumes.parts(order.installation(), order.group(), order.spec());
    NetworkOwner owner = owner(order);
    try (NetworkLocks.Held _ = networks.hold(owner)) {
      networks.ensure(owner, address(order, owner), fence);
      volumes.ensure(order, parts, fence);
      String parent =
          host.cgroup(order.installation(), order.group(), order.spec().size(), fence).orElse(null);
      InspectContainerResponse there = make(order, image, owner, parts, parent, fence);
      boolean messages = VolumeKeepers.held(there).containsKey(SandboxImage.MESSAGES);
      if (Boolean.TRUE.equals(there.getState().getRunning())) {
        if (!messages) {
          // A predecessor of this version made it; its containers leave no messages.
          var _ = volumes.removeUnused(Names.messages(order.installation(), order.group()), fence);
        }
        closeRoutes(there);
        return;
      }
      if (!messages || !"created".equals(there.getState().getStatus())) {
        // One that has run lost its network; nothing has joined it that could run on.
        shared.remove(there.getId(), fence);
        there = make(order, image, owner, parts, parent, fence);
      }
      start(there, order, parts, fence);
      closeRoutes(there);
    }
  }

  private void start(
      InspectContainerResponse sandbox, SandboxOrder order, VolumeParts parts, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    nfs.require(order, fence);
    Optional<String> guard = paths.hold(order, parts, fence);
    try {
      // Not the messages: the sandbox makes their files itself, in a tenth of an archive's time.
      VolumeFilling filling = new VolumeFilling(order.spec(), parts, Set.of(MessageFiles.PLACE));
      if (!parts.parts().isEmpty()) {
        shared.fill(sandbox.getId(), filling, fence);
      }
      shared.start(sandbox.getId(), fence);
    } catch (RuntimeUnavailableException e) {
      throw FailedMounts.told(FailedSysctls.told(e, order.spec()), parts);
    } finally {
      if (guard.isPresent()) {
        paths.release(guard.get(), fence);
      }
    }
  }

  /**
   * In whose network the group is to be. A predecessor of this version, which knew networks of
   * accounts alone, may have made its sandbox; then it stays there.
   */
  private NetworkOwner owner(SandboxOrder order) throws RuntimeUnavailableException {
    String name = Names.sandbox(order.installation(), order.group());
    NetworkOwner wanted = NetworkOwner.of(order);
    return calls.read(
        docker -> {
          try {
            Map<String, String> has =
                docker.inspectContainerCmd(name).exec().getConfig().getLabels();
            NetworkOwner found = has == null ? null : NetworkOwner.of(order.installation(), has);
            return found == null ? wanted : found;
          } catch (NotFoundException e) {
            return wanted;
          }
        });
  }

  /** The group's own; null where the network it is in has none to give. */
  private static @Nullable GroupAddress address(SandboxOrder order, NetworkOwner owner) {
    GroupAddress address = order.spec().address();
    return address != null && address.subnet().equals(owner.subnet()) ? address : null;
  }

  private void closeRoutes(InspectContainerResponse sandbox) throws RuntimeUnavailableException {
    String[] command = sandbox.getConfig().getCmd();
    routes.complete(sandbox.getId(), command == null ? List.of() : List.of(command));
  }

  private InspectContainerResponse make(
      SandboxOrder order,
      String image,
      NetworkOwner owner,
      VolumeParts parts,
      @Nullable String cgroupParent,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      return makeOrFind(order, image, owner, parts, cgroupParent, fence);
    } catch (RuntimeUnavailableException e) {
      // Newer engines refuse some parameters before they try.
      throw FailedSysctls.told(e, order.spec());
    }
  }

  private InspectContainerResponse makeOrFind(
      SandboxOrder order,
      String image,
      NetworkOwner owner,
      VolumeParts parts,
      @Nullable String cgroupParent,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String name = Names.sandbox(order.installation(), order.group());
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_SANDBOX);
    labels.putAll(owner.labels());
    List<String> command = pause(order.spec());
    GroupAddress address = address(order, owner);
    InspectContainerResponse found =
        calls.change(
            fence,
            docker -> {
              CreateContainerCmd create =
                  docker
                      .createContainerCmd(image)
                      .withName(name)
                      .withLabels(labels)
                      .withCmd(command)
                      .withHostName(hostName(order.spec()))
                      .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                      .withHostConfig(hostConfig(order, owner, parts, cgroupParent));
              if (address != null) {
                create.withIpv4Address(address.ip());
              }
              try {
                create.exec();
              } catch (ConflictException e) {
                // It is there; what it is follows.
              }
              return docker.inspectContainerCmd(name).exec();
            });
    Map<String, String> has = found.getConfig().getLabels();
    if (!Names.same(labels, has == null ? Map.of() : has)) {
      throw new RuntimeUnavailableException(
          "engine " + calls.address() + " has something else under the name " + name);
    }
    return found;
  }

  private HostConfig hostConfig(
      SandboxOrder order, NetworkOwner owner, VolumeParts parts, @Nullable String parent) {
    GroupSpec spec = order.spec();
    HostConfig config =
        ContainerLimits.ofOurs(MEMORY_BYTES, PIDS)
            .withNetworkMode(owner.network())
            .withIpcMode("shareable")
            .withMounts(
                GroupVolumes.held(Names.messages(order.installation(), order.group()), parts))
            // The second one to measure volumes, whoever owns what is in them.
            .withCapAdd(Capability.NET_ADMIN, Capability.DAC_READ_SEARCH)
            .withExtraHosts(extraHosts(spec));
    if (!spec.sysctls().isEmpty()) {
      config.withSysctls(spec.sysctls());
    }
    DnsSettings dns = spec.dns();
    if (dns != null) {
      config.withDns(dns.nameServers()).withDnsSearch(dns.searches()).withDnsOptions(dns.options());
    }
    if (parent != null) {
      config.withCgroupParent(parent);
    }
    if (settings.ociRuntime() != null) {
      config.withRuntime(settings.ociRuntime());
    }
    return config;
  }

  static String[] extraHosts(GroupSpec spec) {
    return spec.hostAliases().stream()
        .flatMap(alias -> alias.hostnames().stream().map(name -> name + ":" + alias.ip()))
        .toArray(String[]::new);
  }

  private List<String> pause(GroupSpec spec) throws RuntimeUnavailableException {
    List<String> command = new ArrayList<>(List.of("pause"));
    Stream.concat(spec.initContainers().stream(), spec.containers().stream())
        .map(container -> SandboxImage.MESSAGES + "/" + MessageFiles.file(container.name()))
        .forEach(
            file -> {
              command.add("--file");
              command.add(file);
            });
    routes.closed().stream()
        .sorted()
        .forEach(
            address -> {
              command.add("--prohibit");
              command.add(address);
            });
    return command;
  }

  /** What Linux takes as a host name. */
  private static String hostName(GroupSpec spec) {
    String wanted = spec.hostName() == null ? spec.name() : spec.hostName();
    String safe = wanted.replaceAll("[^A-Za-z0-9.-]", "-").replaceAll("^[.-]+", "");
    String cut = safe.length() > 63 ? safe.substring(0, 63) : safe;
    return cut.isEmpty() ? "group" : cut;
  }

  /** Removes all that a group shares. Its containers must be gone. */
  void remove(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels = Names.ofGroup(installation, group);
    List<Container> found =
        calls
            .read(
                docker ->
                    docker.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec())
            .stream()
            .filter(container -> SHARED.contains(container.getLabels().get(Names.ROLE)))
            .toList();
    Set<NetworkOwner> owners = new LinkedHashSet<>();
    for (Container container : found) {
      shared.remove(container.getId(), fence);
      NetworkOwner owner = NetworkOwner.of(installation, container.getLabels());
      if (owner != null && Names.ROLE_SANDBOX.equals(container.getLabels().get(Names.ROLE))) {
        owners.add(owner);
      }
    }
    volumes.remove(installation, group, fence);
    host.removeCgroup(installation, group, fence);
    for (NetworkOwner owner : owners) {
      networks.removeIfUnused(owner, fence);
    }
  }
}
