package io.podyard.scheduler;

import java.util.Set;

/**
 * What a host is, as far as requests may ask for it; empty where nobody said.
 *
 * @param architecture such as {@code amd64}
 * @param instanceType the name of its kind of machine
 * @param gpuModel of its GPUs, which are all alike
 * @param labels such as {@code disk=ssd}
 */
public record HostKind(
    String architecture, String instanceType, String gpuModel, Set<String> labels) {

  public static final HostKind UNKNOWN = new HostKind("", "", "", Set.of());

  public HostKind {
    labels = Set.copyOf(labels);
  }

  public static HostKind ofGpuModel(String model) {
    return new HostKind("", "", model, Set.of());
  }
}
