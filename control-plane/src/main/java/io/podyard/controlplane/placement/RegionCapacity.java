package io.podyard.controlplane.placement;

import io.podyard.model.RegionId;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.HostSnapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What all hosts of a region have together, however full they are.
 *
 * @param milliCpu thousandths of a vCPU
 * @param gpuMilli thousandths of a GPU
 */
public record RegionCapacity(RegionId region, long milliCpu, long gpuMilli) {

  /** One for each region of these hosts. */
  static List<RegionCapacity> of(Collection<HostSnapshot> hosts) {
    Map<RegionId, RegionCapacity> regions = new HashMap<>();
    hosts.forEach(host -> regions.merge(host.region(), of(host), RegionCapacity::plus));
    return List.copyOf(regions.values());
  }

  private static RegionCapacity of(HostSnapshot host) {
    return new RegionCapacity(
        host.region(),
        host.allocatable().cpu().value(),
        (long) host.gpus().count() * GpuRequest.WHOLE);
  }

  private RegionCapacity plus(RegionCapacity other) {
    return new RegionCapacity(region, milliCpu + other.milliCpu, gpuMilli + other.gpuMilli);
  }
}
