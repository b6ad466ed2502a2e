package io.podyard.runtime.docker;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The addresses that no group may reach, as routes closed in its sandbox. The host has an address
 * in each network of the engine, those that are made later among them: whoever makes a network
 * closes it for all sandboxes that run, and a sandbox that has been started looks once more which
 * networks there are, so that none of two at the same time is missed.
 */
final class ClosedRoutes {

  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int AT_ONCE = 4;

  private final EngineCalls calls;
  private final ExecRun execs;
  private final HostSide host;
  private final DockerEngineSettings.Network settings;

  ClosedRoutes(
      EngineCalls calls, ExecRun execs, HostSide host, DockerEngineSettings.Network settings) {
    this.calls = calls;
    this.execs = execs;
    this.host = host;
    this.settings = settings;
  }

  /** What is closed now for a sandbox that is made now. */
  Set<String> closed() throws RuntimeUnavailableException {
    Set<String> closed = new HashSet<>(settings.closedTo());
    if (!settings.hostReachable()) {
      closed.addAll(host.addresses());
      closed.addAll(gateways());
    }
    return closed;
  }

  private List<String> gateways() throws RuntimeUnavailableException {
    List<String> gateways = new ArrayList<>();
    calls
        .read(docker -> docker.listNetworksCmd().exec())
        .forEach(network -> gateways.addAll(gateways(network)));
    return gateways;
  }

  /** The host's own addresses in a network. */
  static List<String> gateways(Network network) {
    List<String> gateways = new ArrayList<>();
    for (Network.Ipam.Config config : GroupNetworks.configs(network)) {
      String gateway = config.getGateway();
      if (gateway == null && config.getSubnet() != null) {
        // Of a network that was made with a subnet alone: the engine takes its first address.
        gateway = SubnetPool.firstAddress(config.getSubnet()).orElse(null);
      }
      if (gateway != null && !gateway.isEmpty() && gateway.indexOf(':') < 0) {
        gateways.add(gateway);
      }
    }
    return gateways;
  }

  /** Closes, in a sandbox that runs, what came up since it was made. */
  void complete(String sandbox, Collection<String> closedAlready)
      throws RuntimeUnavailableException {
    if (settings.hostReachable()) {
      return;
    }
    List<String> open = new ArrayList<>(gateways());
    open.removeAll(closedAlready);
    if (!open.isEmpty()) {
      closeIn(sandbox, open);
    }
  }

  /** Closes addresses in all sandboxes of the installation that run. */
  void close(InstallationId installation, List<String> addresses)
      throws RuntimeUnavailableException {
    if (settings.hostReachable() || addresses.isEmpty()) {
      return;
    }
    Map<String, String> labels =
        Map.of(Names.INSTALLATION, installation.value(), Names.ROLE, Names.ROLE_SANDBOX);
    List<Container> running =
        calls.read(docker -> docker.listContainersCmd().withLabelFilter(labels).exec());
    List<Future<?>> closing = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofVirtual().name("podyard-routes-", 0).factory())) {
      for (Container sandbox : running) {
        closing.add(
            threads.submit(
                () -> {
                  closeIn(sandbox.getId(), addresses);
                  return true;
                }));
      }
      for (Future<?> one : closing) {
        one.get();
      }
    } catch (ExecutionException e) {
      String why = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
      throw new RuntimeUnavailableException(
          "the host's address in a new network cannot be closed: " + why, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeUnavailableException("interrupted while routes were closed", e);
    }
  }

  private void closeIn(String sandbox, List<String> addresses) throws RuntimeUnavailableException {
    List<String> command = new ArrayList<>(List.of(SandboxImage.PROGRAM, "prohibit"));
    command.addAll(addresses);
    try {
      ExecResult result = execs.run(sandbox, command, LONGEST);
      if (result.exitCode() != 0) {
        // A sandbox of an earlier version does not know the command.
        System.getLogger(ClosedRoutes.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "sandbox {0} can reach its host at {1}: {2}",
                sandbox,
                addresses,
                result.output().strip());
      }
    } catch (NoSuchContainerException e) {
      // It has just ended.
    } catch (CommandTimedOutException e) {
      throw new RuntimeUnavailableException("sandbox " + sandbox + " does not answer", e);
    }
  }
}
