package io.podyard.scheduler;

import java.util.Set;

/**
 * What a host is, as far as requests may ask for it; empty where nobody said.
 *
 * @param architecture such as {@code amd64}
 * @param instanceType the name of its kind of machine
 * @param gpuModel of its GPUs, which are all alike
 * @param labels such as {@code disk=ssd}
 * @param computeCategory of its pool, such as {@code economy}
 */
public record HostKind(
    String architecture,
    String instanceType,
    String gpuModel,
    Set<String> labels,
    String computeCategory) {

  public static final HostKind UNKNOWN = new HostKind("", "", "", Set.of(), "");

  public HostKind {
    labels = Set.copyOf(labels);
  }

  /** A host of a pool that nobody said more of. */
  public HostKind(String architecture, String instanceType, String gpuModel, Set<String> labels) {
    this(architecture, instanceType, gpuModel, labels, "");
  }

  public static HostKind ofGpuModel(String model) {
    return new HostKind("", "", model, Set.of(), "");
  }
}
