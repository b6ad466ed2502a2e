package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateNetworkCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bridge network for each account and vSwitch with groups on this engine. Inside one the groups
 * see each other; the engine lets nothing pass between two bridges.
 */
final class GroupNetworks {

  /** Users are told of it. */
  static final String NO_SUBNET = "NoFreeSubnet";

  /** Users are told of it. */
  static final String SUBNET_TAKEN = "SubnetTaken";

  /** Others may use the same engine, and take the first free subnet as well. */
  private static final int SUBNET_TRIES = 16;

  /** What an engine says where another network has some of a subnet's addresses. */
  private static final String OVERLAPS = "overlaps";

  /** What an engine says whose own addresses are used up. */
  private static final String NO_POOL = "address pool";

  private static final int FORBIDDEN = 403;
  private static final int CONFLICT = 409;

  private final EngineCalls calls;
  private final Subnets subnets;
  private final HostSide host;
  private final ClosedRoutes routes;
  private final NetworkLocks locks = new NetworkLocks();
  private final Object making = new Object();

  GroupNetworks(EngineCalls calls, Subnets subnets, HostSide host, ClosedRoutes routes) {
    this.calls = calls;
    this.subnets = subnets;
    this.host = host;
    this.routes = routes;
  }

  /** While it is held the network is not removed. */
  NetworkLocks.Held hold(NetworkOwner owner) {
    return locks.toUse(owner.network());
  }

  /**
   * Makes the network unless it is there.
   *
   * @param address null if the network's addresses are the host's choice
   */
  void ensure(NetworkOwner owner, @Nullable GroupAddress address, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String name = owner.network();
    Optional<Network> found = find(name);
    if (found.isEmpty()) {
      synchronized (making) {
        found = find(name);
        if (found.isEmpty()) {
          if (address == null) {
            make(owner, fence);
          } else {
            make(owner, address, fence);
          }
          found = find(name);
          if (found.isPresent()) {
            closeToOthers(found.get(), owner, fence);
          }
        }
      }
    }
    Network network =
        found.orElseThrow(
            () ->
                new RuntimeUnavailableException(
                    "network " + name + " is gone right after it was made"));
    if (!owner.owns(network.getLabels())) {
      throw new RuntimeUnavailableException(
          "engine " + calls.address() + " has something else under the name " + name);
    }
  }

  /**
   * With a new network the host has a new address, which the groups of the others may not reach.
   */
  private void closeToOthers(Network network, NetworkOwner owner, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      routes.close(owner.installation(), ClosedRoutes.gateways(network));
    } catch (RuntimeUnavailableException e) {
      // Without it nothing is open; whoever makes it next tries again.
      remove(owner.network(), fence);
      throw e;
    }
  }

  private Optional<Network> find(String name) throws RuntimeUnavailableException {
    return calls.read(
        docker -> {
          try {
            return Optional.of(docker.inspectNetworkCmd().withNetworkId(name).exec());
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  static List<Network.Ipam.Config> configs(Network network) {
    Network.Ipam ipam = network.getIpam();
    return ipam == null || ipam.getConfig() == null ? List.of() : ipam.getConfig();
  }

  private void make(NetworkOwner owner, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels = labels(owner);
    List<String> taken = new ArrayList<>();
    for (int tries = 1; ; tries++) {
      String subnet = subnet(owner, taken);
      try {
        calls.act(
            fence,
            docker -> {
              make(
                  docker,
                  owner.network(),
                  labels,
                  subnet,
                  // An engine that chooses the gateway by itself does not say which it chose.
                  subnet == null ? null : SubnetPool.firstAddress(subnet).orElseThrow());
            });
        return;
      } catch (RuntimeUnavailableException e) {
        if (!(e.getCause() instanceof DockerException refusal)) {
          throw e;
        }
        if (subnet == null && EngineErrors.words(refusal).contains(NO_POOL)) {
          throw noSubnet(owner);
        }
        if (subnet == null || tries == SUBNET_TRIES) {
          throw new RuntimeUnavailableException(
              "there can be no network for %s: %s".formatted(words(owner), e.getMessage()), e);
        }
        // Somebody else may have taken the subnet between the look and the call.
        taken.add(subnet);
      }
    }
  }

  /** With the subnet of the vSwitch, which is the same on every host. */
  private void make(NetworkOwner owner, GroupAddress address, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    removeUnused(owner.installation(), address.subnet(), fence);
    try {
      calls.act(
          fence,
          docker ->
              make(docker, owner.network(), labels(owner), address.subnet(), address.gateway()));
    } catch (RuntimeUnavailableException e) {
      if (e.getCause() instanceof DockerException refusal
          && EngineErrors.words(refusal).contains(OVERLAPS)) {
        System.getLogger(GroupNetworks.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "engine {0} uses addresses of {1} already, which is the subnet of {2}",
                calls.address(),
                address.subnet(),
                words(owner));
        throw RuntimeUnavailableException.lacking(
            SUBNET_TAKEN,
            "The host uses addresses of %s, the subnet of vSwitch %s, for something else; it is tried again."
                .formatted(address.subnet(), owner.vSwitch()));
      }
      throw e;
    }
  }

  /** What was left of vSwitches that are no more may have had addresses of a subnet. */
  private void removeUnused(InstallationId installation, String subnet, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> ours =
        Map.of(Names.INSTALLATION, installation.value(), Names.ROLE, Names.ROLE_NETWORK);
    for (Network network : calls.read(docker -> docker.listNetworksCmd().exec())) {
      Map<String, String> labels = network.getLabels() == null ? Map.of() : network.getLabels();
      NetworkOwner owner = NetworkOwner.of(installation, labels);
      if (owner != null
          && labels.entrySet().containsAll(ours.entrySet())
          && configs(network).stream()
              .map(Network.Ipam.Config::getSubnet)
              .anyMatch(other -> other != null && SubnetPool.overlap(subnet, other))) {
        removeIfUnused(owner, fence);
      }
    }
  }

  private static Map<String, String> labels(NetworkOwner owner) {
    Map<String, String> labels = owner.labels();
    labels.put(Names.ROLE, Names.ROLE_NETWORK);
    return labels;
  }

  private static String words(NetworkOwner owner) {
    return "account "
        + owner.account()
        + (owner.vSwitch() == null ? "" : " and vSwitch " + owner.vSwitch());
  }

  private RuntimeUnavailableException noSubnet(NetworkOwner owner) {
    System.getLogger(GroupNetworks.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "no subnet is left in {0} on engine {1} for the network of {2}",
            subnets,
            calls.address(),
            words(owner));
    return RuntimeUnavailableException.lacking(
        NO_SUBNET,
        "The host has no subnet left for the network of %s; it is tried again."
            .formatted(words(owner)));
  }

  private static void make(
      DockerClient docker,
      String name,
      Map<String, String> labels,
      @Nullable String subnet,
      @Nullable String gateway) {
    CreateNetworkCmd create =
        docker
            .createNetworkCmd()
            .withName(name)
            .withDriver("bridge")
            .withCheckDuplicate(true)
            .withLabels(labels)
            .withOptions(Map.of("com.docker.network.bridge.enable_icc", "true"));
    if (subnet != null) {
      create.withIpam(
          new Network.Ipam()
              .withConfig(new Network.Ipam.Config().withSubnet(subnet).withGateway(gateway)));
    }
    try {
      create.exec();
    } catch (ConflictException e) {
      // It is there: what was wanted.
    }
  }

  /** A subnet that nobody uses; null if the engine is to choose. */
  private @Nullable String subnet(NetworkOwner owner, List<String> failed)
      throws RuntimeUnavailableException {
    List<String> taken = new ArrayList<>(failed);
    taken.addAll(host.ranges());
    for (Network network : calls.read(docker -> docker.listNetworksCmd().exec())) {
      for (Network.Ipam.Config config : configs(network)) {
        if (config.getSubnet() != null) {
          taken.add(config.getSubnet());
        }
      }
    }
    String free = subnets.free(taken).orElse(null);
    if (free == null && !subnets.enginesOwn()) {
      throw noSubnet(owner);
    }
    return free;
  }

  /** Removes the network of an owner that has no sandbox on this engine any more. */
  void removeIfUnused(NetworkOwner owner, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String name = owner.network();
    Optional<NetworkLocks.Held> held = locks.toRemove(name);
    if (held.isEmpty()) {
      return;
    }
    try (NetworkLocks.Held _ = held.get()) {
      Map<String, String> sandboxes = owner.labels();
      sandboxes.put(Names.ROLE, Names.ROLE_SANDBOX);
      boolean used =
          calls
              .read(
                  docker ->
                      docker
                          .listContainersCmd()
                          .withShowAll(true)
                          .withLabelFilter(sandboxes)
                          .exec())
              .stream()
              .anyMatch(sandbox -> owner.owns(sandbox.getLabels()));
      if (!used) {
        remove(name, fence);
      }
    }
  }

  private void remove(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.act(
        fence,
        docker -> {
          try {
            docker.removeNetworkCmd(name).exec();
          } catch (NotFoundException e) {
            // Gone already.
          } catch (DockerException e) {
            if (e.getHttpStatus() != FORBIDDEN && e.getHttpStatus() != CONFLICT) {
              throw e;
            }
            // Something is in it after all; the owner's next group that ends tries again.
          }
        });
  }
}
