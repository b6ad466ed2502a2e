package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import java.util.List;
import java.util.stream.Collectors;

/**
 * GPUs of containers. The engine hands devices to NVIDIA's container runtime by their numbers, as
 * {@code nvidia-smi} counts them; which driver there is, is the host's affair.
 */
final class ContainerGpus {

  /**
   * What NVIDIA's runtime goes by. It is set for every container, or one without GPUs would see all
   * of them where that runtime is the engine's default and its image says so.
   */
  static final String VARIABLE = "NVIDIA_VISIBLE_DEVICES";

  private static final String NONE = "void";
  private static final String DRIVER = "nvidia";
  private static final String CAPABILITY = "gpu";

  /** What an engine says without the driver, and what the driver's own program says of a device. */
  private static final List<String> WANTING =
      List.of("could not select device driver", "nvidia-container-cli");

  private ContainerGpus() {}

  /** The variable as it is to be, whatever the container's own are. */
  static String variable(List<Integer> devices) {
    return VARIABLE
        + "="
        + (devices.isEmpty()
            ? NONE
            : devices.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  static HostConfig give(HostConfig config, List<Integer> devices) {
    return devices.isEmpty()
        ? config
        : config.withDeviceRequests(
            List.of(
                new DeviceRequest()
                    .withDriver(DRIVER)
                    .withDeviceIds(devices.stream().map(String::valueOf).toList())
                    .withCapabilities(List.of(List.of(CAPABILITY)))));
  }

  /** Whether an engine that refuses a start cannot give GPUs. It tells so in words alone. */
  static boolean lacks(DockerException refusal) {
    String words = EngineErrors.words(refusal);
    return WANTING.stream().anyMatch(words::contains);
  }
}
