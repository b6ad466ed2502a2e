package io.podyard.controlplane.faults;

import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.runtime.simulated.SimulatedHostsClient;
import io.podyard.runtime.simulated.SimulatedHostsLaunch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/** A process of simulated hosts that belongs to a test and ends with it. */
public final class SimulatedProcess implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private final Path folder;
  private final SimulatedHostsClient client;

  private SimulatedProcess(Path folder, SimulatedHostsClient client) {
    this.folder = folder;
    this.client = client;
  }

  /**
   * Starts one.
   *
   * @param name of its folder below {@code target/faults}
   * @param hosts how many there are
   * @param size of each, for example {@code 16vCPU/64GiB}
   */
  public static SimulatedProcess start(String name, int hosts, String size) throws Exception {
    Path folder = Path.of("target", "faults", name).toAbsolutePath();
    ServerProcess.endSimulatedHosts(folder);
    FileSystemUtils.deleteRecursively(folder);
    Files.createDirectories(folder);
    SimulatedHostsLaunch launch =
        SimulatedHostsLaunch.of(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            ServerProcess.classPath(),
            folder.resolve("simulated-hosts.log"),
            Map.of(
                "PODYARD_SIMULATED_HOSTS",
                Integer.toString(hosts),
                "PODYARD_SIMULATED_HOST_SIZE",
                size));
    return new SimulatedProcess(
        folder, launch.connect(SimulatedPool.socket(folder), LONGEST_START));
  }

  public Path folder() {
    return folder;
  }

  public Path socket() {
    return SimulatedPool.socket(folder);
  }

  public SimulatedHostsClient client() {
    return client;
  }

  @Override
  public void close() throws Exception {
    client.close();
    ServerProcess.endSimulatedHosts(folder);
  }
}
