package io.podyard.controlplane.inventory;

import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.scheduler.PlacementPolicy;

/**
 * A pool as its operator wants it.
 *
 * @param runtime {@code docker} or {@code simulated}
 * @param cpuOvercommit allocatable vCPU as a multiple of what its hosts report, 1 to 100
 * @param computeCategory {@code general} or {@code economy}
 */
public record PoolDeclaration(
    PoolId id,
    RegionId region,
    String runtime,
    PlacementPolicy policy,
    int cpuOvercommit,
    String computeCategory) {

  /** A pool of general hosts. */
  public PoolDeclaration(
      PoolId id, RegionId region, String runtime, PlacementPolicy policy, int cpuOvercommit) {
    this(id, region, runtime, policy, cpuOvercommit, "general");
  }
}
