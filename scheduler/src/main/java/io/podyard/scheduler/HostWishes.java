package io.podyard.scheduler;

import io.podyard.model.PoolId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which kinds of hosts will do. What is empty does not matter to the request.
 *
 * @param architecture the only one that will do, null for any
 * @param instanceTypes of which the host must have one
 * @param gpuModels of which the host must have one
 * @param labels that the host must have, all of them
 * @param pools the only ones that will do, the best first: a pool is looked at if none before it
 *     has room
 */
public record HostWishes(
    @Nullable String architecture,
    Set<String> instanceTypes,
    Set<String> gpuModels,
    Set<String> labels,
    List<PoolId> pools) {

  public static final HostWishes ANY =
      new HostWishes(null, Set.of(), Set.of(), Set.of(), List.of());

  public HostWishes {
    instanceTypes = Set.copyOf(instanceTypes);
    gpuModels = Set.copyOf(gpuModels);
    labels = Set.copyOf(labels);
    pools = List.copyOf(pools);
  }

  public HostWishes withArchitecture(String wanted) {
    return new HostWishes(wanted, instanceTypes, gpuModels, labels, pools);
  }

  public HostWishes withInstanceTypes(Set<String> wanted) {
    return new HostWishes(architecture, wanted, gpuModels, labels, pools);
  }

  public HostWishes withGpuModels(Set<String> wanted) {
    return new HostWishes(architecture, instanceTypes, wanted, labels, pools);
  }

  public HostWishes withLabels(Set<String> wanted) {
    return new HostWishes(architecture, instanceTypes, gpuModels, wanted, pools);
  }

  public HostWishes inPools(List<PoolId> wanted) {
    return new HostWishes(architecture, instanceTypes, gpuModels, labels, wanted);
  }
}
