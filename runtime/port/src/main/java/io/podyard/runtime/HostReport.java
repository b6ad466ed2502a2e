package io.podyard.runtime;

import io.podyard.model.Size;

/**
 * What a host says of itself.
 *
 * @param engine name and version of its engine
 * @param capacity all it has
 * @param architecture {@code amd64} or {@code arm64}
 * @param gpus how many GPUs it knows that it has; 0 also where an engine does not tell
 * @param gpuModel of them, empty if there are none
 */
public record HostReport(
    String engine, Size capacity, String architecture, int gpus, String gpuModel) {

  /** A model that nobody told. */
  public static final String UNKNOWN_MODEL = "unknown";

  /** Of a host that tells of no GPUs. */
  public HostReport(String engine, Size capacity, String architecture) {
    this(engine, capacity, architecture, 0, "");
  }
}
