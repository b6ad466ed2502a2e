package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateNetworkCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import io.podyard.model.AccountId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A bridge network for each account with groups on this engine. Inside one the groups see each
 * other; the engine lets nothing pass between two bridges.
 */
final class AccountNetworks {

  private static final int SUBNET_TRIES = 8;
  private static final int FORBIDDEN = 403;
  private static final int CONFLICT = 409;

  private final EngineCalls calls;
  private final @Nullable SubnetPool pool;
  private final Map<String, ReadWriteLock> locks = new ConcurrentHashMap<>();
  private final Object making = new Object();

  AccountNetworks(EngineCalls calls, @Nullable SubnetPool pool) {
    this.calls = calls;
    this.pool = pool;
  }

  /** While it is held the network is not removed. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  Held hold(InstallationId installation, AccountId account) {
    ReadWriteLock lock = lock(Names.network(installation, account));
    lock.readLock().lock();
    return () -> lock.readLock().unlock();
  }

  private ReadWriteLock lock(String name) {
    return locks.computeIfAbsent(name, _ -> new ReentrantReadWriteLock());
  }

  /**
   * A network that is there.
   *
   * @param gateways the host's own addresses in it
   */
  record Made(String name, List<String> gateways) {}

  Made ensure(InstallationId installation, AccountId account, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String name = Names.network(installation, account);
    Optional<Network> found = find(name);
    if (found.isEmpty()) {
      synchronized (making) {
        found = find(name);
        if (found.isEmpty()) {
          make(name, installation, account, fence);
          found = find(name);
        }
      }
    }
    Network network =
        found.orElseThrow(
            () ->
                new RuntimeUnavailableException(
                    "network " + name + " is gone right after it was made"));
    if (!installation.value().equals(network.getLabels().get(Names.INSTALLATION))) {
      throw new RuntimeUnavailableException(
          "engine " + calls.address() + " has something else under the name " + name);
    }
    return new Made(name, gateways(network));
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

  private static List<String> gateways(Network network) {
    List<String> gateways = new ArrayList<>();
    for (Network.Ipam.Config config : configs(network)) {
      if (config.getGateway() != null) {
        gateways.add(config.getGateway());
      }
    }
    return gateways;
  }

  private static List<Network.Ipam.Config> configs(Network network) {
    Network.Ipam ipam = network.getIpam();
    return ipam == null || ipam.getConfig() == null ? List.of() : ipam.getConfig();
  }

  private void make(String name, InstallationId installation, AccountId account, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels =
        Map.of(
            Names.INSTALLATION, installation.value(),
            Names.ACCOUNT, account.value(),
            Names.ROLE, Names.ROLE_NETWORK);
    List<String> taken = new ArrayList<>();
    for (int tries = 1; ; tries++) {
      String subnet = subnet(taken);
      try {
        calls.act(
            fence,
            docker -> {
              make(docker, name, labels, subnet);
            });
        return;
      } catch (RuntimeUnavailableException e) {
        // Somebody else may have taken the subnet between the look and the call.
        if (subnet == null || tries == SUBNET_TRIES || !(e.getCause() instanceof DockerException)) {
          throw e;
        }
        taken.add(subnet);
      }
    }
  }

  private static void make(
      DockerClient docker, String name, Map<String, String> labels, @Nullable String subnet) {
    CreateNetworkCmd create =
        docker
            .createNetworkCmd()
            .withName(name)
            .withDriver("bridge")
            .withCheckDuplicate(true)
            .withLabels(labels)
            .withOptions(Map.of("com.docker.network.bridge.enable_icc", "true"));
    if (subnet != null) {
      create.withIpam(new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet(subnet)));
    }
    try {
      create.exec();
    } catch (ConflictException e) {
      // It is there: what was wanted.
    }
  }

  /** A subnet that nobody uses; null if the engine is to choose. */
  private @Nullable String subnet(List<String> failed) throws RuntimeUnavailableException {
    if (pool == null) {
      return null;
    }
    List<String> taken = new ArrayList<>(failed);
    for (Network network : calls.read(docker -> docker.listNetworksCmd().exec())) {
      for (Network.Ipam.Config config : configs(network)) {
        if (config.getSubnet() != null) {
          taken.add(config.getSubnet());
        }
      }
    }
    return pool.free(taken)
        .orElseThrow(() -> new RuntimeUnavailableException("no subnet is left in " + pool.range()));
  }

  /** Removes the network of an account that has no sandbox on this engine any more. */
  void removeIfUnused(InstallationId installation, AccountId account, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String name = Names.network(installation, account);
    ReadWriteLock lock = lock(name);
    if (!lock.writeLock().tryLock()) {
      return;
    }
    try {
      boolean used =
          calls.read(
              docker ->
                  !docker
                      .listContainersCmd()
                      .withShowAll(true)
                      .withLabelFilter(
                          Map.of(
                              Names.INSTALLATION, installation.value(),
                              Names.ACCOUNT, account.value()))
                      .exec()
                      .isEmpty());
      if (used) {
        return;
      }
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
              // Something is in it after all; the account's next group that ends tries again.
            }
          });
    } finally {
      lock.writeLock().unlock();
    }
  }
}
