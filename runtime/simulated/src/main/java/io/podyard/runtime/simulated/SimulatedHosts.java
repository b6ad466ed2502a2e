package io.podyard.runtime.simulated;

import io.podyard.model.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/**
 * The process of the simulated hosts. What is on them lives as long as it does, whatever becomes of
 * the control planes that use them.
 */
public final class SimulatedHosts {

  static final String HOSTS = "PODYARD_SIMULATED_HOSTS";
  static final String HOST_SIZE = "PODYARD_SIMULATED_HOST_SIZE";
  static final String HOST_GPUS = "PODYARD_SIMULATED_HOST_GPUS";
  static final String HOST_ARCHITECTURES = "PODYARD_SIMULATED_HOST_ARCHITECTURES";
  static final String FAULTS = "PODYARD_SIMULATED_FAULTS";
  static final String SEED = "PODYARD_SIMULATED_SEED";

  /** Bad arguments or environment. */
  static final int BAD_USAGE = 2;

  /** Another process serves the socket already. */
  static final int ALREADY_SERVED = 3;

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})vCPU/([0-9]{1,6})GiB");
  private static final Set<String> ARCHITECTURES = Set.of("amd64", "arm64");
  private static final int MILLI = 1000;
  private static final int MIB_PER_GIB = 1024;

  private SimulatedHosts() {}

  /**
   * Serves until SIGTERM, which ends it with 0.
   *
   * @param args the path of the socket, at most about 100 bytes long
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: SimulatedHosts <path of the socket>");
      System.exit(BAD_USAGE);
    }
    Path socket = Path.of(args[0]).toAbsolutePath();
    RealTime time = new RealTime(InstantSource.system());
    SimulatedWorld world = null;
    try {
      world = world(System.getenv(), time);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(BAD_USAGE);
      return;
    }
    Optional<HostsListener> listener = HostsListener.listen(world, socket);
    if (listener.isEmpty()) {
      System.err.println("another process serves " + socket);
      System.exit(ALREADY_SERVED);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(listener.orElseThrow(), time)));
    System.out.println(world.hosts().size() + " simulated hosts at " + socket);
  }

  /**
   * The world an environment describes.
   *
   * @throws IllegalArgumentException if a variable cannot be understood; the message names it
   */
  static SimulatedWorld world(Map<String, String> environment, SimulatedTime time) {
    SimulatedWorld world =
        new SimulatedWorld(time, number(SEED, environment.getOrDefault(SEED, "1")));
    world.ensureHosts(
        Math.toIntExact(number(HOSTS, environment.getOrDefault(HOSTS, "3"))),
        size(environment.getOrDefault(HOST_SIZE, "16vCPU/64GiB")),
        gpus(environment.getOrDefault(HOST_GPUS, "")),
        architectures(
            environment.getOrDefault(HOST_ARCHITECTURES, SimulatedEngine.USUAL_ARCHITECTURE)));
    String faults = environment.getOrDefault(FAULTS, "");
    if (!faults.isBlank()) {
      try {
        world.configure(WireJson.MAPPER.readValue(faults, FaultPlan.class));
      } catch (JacksonException e) {
        throw new IllegalArgumentException(
            FAULTS + " is no fault plan: " + e.getOriginalMessage(), e);
      }
    }
    return world;
  }

  private static long number(String name, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number, not " + value, e);
    }
  }

  private static HostGpus gpus(String value) {
    try {
      return HostGpus.of(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(HOST_GPUS + " " + e.getMessage(), e);
    }
  }

  private static List<String> architectures(String value) {
    List<String> architectures = List.of(value.split(",", -1));
    if (!ARCHITECTURES.containsAll(architectures)) {
      throw new IllegalArgumentException(
          HOST_ARCHITECTURES + " must be amd64, arm64 or both, not " + value);
    }
    return architectures;
  }

  private static Size size(String value) {
    Matcher matcher = SIZE.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(HOST_SIZE + " must look like 16vCPU/64GiB, not " + value);
    }
    return Size.of(
        Integer.parseInt(matcher.group(1)) * MILLI,
        Integer.parseInt(matcher.group(2)) * MIB_PER_GIB);
  }

  private static void stop(HostsListener listener, RealTime time) {
    int status = 0;
    try {
      listener.close();
    } catch (IOException e) {
      System.err.println("could not close cleanly: " + e.getMessage());
      status = 1;
    }
    time.close();
    // Being asked to stop and stopping is success; the default would be 143.
    Runtime.getRuntime().halt(status);
  }
}
