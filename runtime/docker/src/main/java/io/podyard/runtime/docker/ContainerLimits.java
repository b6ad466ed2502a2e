package io.podyard.runtime.docker;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import io.podyard.model.MemoryMib;
import io.podyard.model.Size;
import java.util.List;
import java.util.Map;

/** What bounds a container. */
final class ContainerLimits {

  private static final long CPU_PERIOD_MICROS = 100_000;
  private static final long LEAST_QUOTA_MICROS = 1_000;
  private static final long OUR_LOG_BYTES = 1 << 16;

  /** Engines refuse less. */
  private static final MemoryMib LEAST_MEMORY = MemoryMib.of(6);

  private ContainerLimits() {}

  /** By quota: an engine refuses a number of CPUs above its own, which overcommit may ask for. */
  static HostConfig size(HostConfig config, Size size) {
    long quota = Math.max(LEAST_QUOTA_MICROS, size.cpu().value() * CPU_PERIOD_MICROS / 1000);
    MemoryMib memory = size.memory().compareTo(LEAST_MEMORY) < 0 ? LEAST_MEMORY : size.memory();
    return config
        .withCpuPeriod(CPU_PERIOD_MICROS)
        .withCpuQuota(quota)
        .withMemory(memory.bytes())
        .withMemorySwap(memory.bytes());
  }

  /**
   * Of a container that runs our own program: little of everything, and no rights but those added.
   */
  static HostConfig ofOurs(long memoryBytes, long pids) {
    return new HostConfig()
        .withMemory(memoryBytes)
        .withMemorySwap(memoryBytes)
        .withPidsLimit(pids)
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges"))
        .withLogConfig(log(OUR_LOG_BYTES));
  }

  /**
   * In two files of half the size: an engine empties a file that is full, and so there is always
   * one that is not empty.
   */
  static LogConfig log(long bytes) {
    return new LogConfig(
        LogConfig.LoggingType.JSON_FILE,
        Map.of("max-size", Math.max(1, bytes / 2 / 1024) + "k", "max-file", "2"));
  }
}
