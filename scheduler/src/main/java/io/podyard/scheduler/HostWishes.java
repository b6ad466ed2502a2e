package io.podyard.scheduler;

import io.podyard.model.PoolId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which kinds of hosts will do. What is empty does not matter to the request.
 *
 * @param architecture the only one that will do, null for any
 * @param instanceTypes of which the host must have one; an empty one is that of a host without
 * @param gpuModels of which the host must have one
 * @param labels that the host must have, all of them
 * @param pools the only ones that will do, the best first: a pool is looked at if none before it
 *     has room
 * @param computeCategory the only one that will do, null for any
 */
public record HostWishes(
    @Nullable String architecture,
    Set<String> instanceTypes,
    Set<String> gpuModels,
    Set<String> labels,
    List<PoolId> pools,
    @Nullable String computeCategory) {

  public static final HostWishes ANY =
      new HostWishes(null, Set.of(), Set.of(), Set.of(), List.of(), null);

  public HostWishes {
    instanceTypes = Set.copyOf(instanceTypes);
    gpuModels = Set.copyOf(gpuModels);
    labels = Set.copyOf(labels);
    pools = List.copyOf(pools);
  }

  /** Of any architecture if that is null. */
  public HostWishes withArchitecture(@Nullable String wanted) {
    return new HostWishes(wanted, instanceTypes, gpuModels, labels, pools, computeCategory);
  }

  public HostWishes withInstanceTypes(Set<String> wanted) {
    return new HostWishes(architecture, wanted, gpuModels, labels, pools, computeCategory);
  }

  public HostWishes withGpuModels(Set<String> wanted) {
    return new HostWishes(architecture, instanceTypes, wanted, labels, pools, computeCategory);
  }

  public HostWishes withLabels(Set<String> wanted) {
    return new HostWishes(architecture, instanceTypes, gpuModels, wanted, pools, computeCategory);
  }

  public HostWishes inPools(List<PoolId> wanted) {
    return new HostWishes(architecture, instanceTypes, gpuModels, labels, wanted, computeCategory);
  }

  /** Of any category if that is null. */
  public HostWishes withComputeCategory(@Nullable String wanted) {
    return new HostWishes(architecture, instanceTypes, gpuModels, labels, pools, wanted);
  }
}
