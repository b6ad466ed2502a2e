package io.podyard.controlplane.runtimes;

import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import io.podyard.runtime.simulated.SimulatedHostsClient;
import io.podyard.runtime.simulated.SimulatedHostsLaunch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The simulated hosts: a process of their own next to the data folder, started when it is not there
 * and left running when this one ends, like real hosts.
 */
public final class SimulatedPool implements AutoCloseable {

  public static final String RUNTIME = "simulated";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SimulatedHostsClient client;

  private SimulatedPool(SimulatedHostsClient client) {
    this.client = client;
  }

  /** Where the process of a data folder listens. */
  public static Path socket(Path dataDir) {
    return socket(dataDir, null);
  }

  /**
   * Where the process listens: beside the data, unless the settings name another place.
   *
   * @param configured what control planes with a data folder each have in common, null for nothing
   */
  public static Path socket(Path dataDir, @Nullable Path configured) {
    Path socket = configured == null ? dataDir.resolve("simulated-hosts.sock") : configured;
    return socket.toAbsolutePath();
  }

  /**
   * Connects to the process at a socket, which is started if there is none.
   *
   * @param dataDir where a process that is started writes its log
   * @throws RuntimeUnavailableException if it cannot be reached
   */
  public static SimulatedPool launch(Path dataDir, Path socket)
      throws RuntimeUnavailableException, IOException, InterruptedException {
    Files.createDirectories(dataDir);
    String java =
        ProcessHandle.current()
            .info()
            .command()
            .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    SimulatedHostsLaunch launch =
        SimulatedHostsLaunch.of(
            Path.of(java),
            System.getProperty("java.class.path"),
            dataDir.resolve("simulated-hosts.log").toAbsolutePath(),
            Map.of());
    return new SimulatedPool(launch.connect(socket, PATIENCE));
  }

  /** Connects to a process that is there or will be, without starting one. */
  public static SimulatedPool connect(Path socket) {
    return new SimulatedPool(new SimulatedHostsClient(socket));
  }

  public SimulatedHostsClient client() {
    return client;
  }

  /** All hosts, in the order of their ids. */
  public Map<HostId, HostReport> hosts() throws RuntimeUnavailableException {
    return client.hosts();
  }

  public GroupRuntime runtime(InstantSource clock) {
    return runtime(clock, CommitPoints.NONE);
  }

  /**
   * The same, told of.
   *
   * @param points told of each call that changes something on a host
   */
  public GroupRuntime runtime(InstantSource clock, CommitPoints points) {
    return new PodRuntime(
        RUNTIME,
        points == CommitPoints.NONE
            ? client::engine
            : host -> new WatchedEngine(client.engine(host), points),
        client::revisions,
        clock,
        PodSettings.DEFAULTS);
  }

  @Override
  public void close() {
    client.close();
  }
}
