package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a pod, as Kubernetes has it. */
public record PodStatusResponse(
    List<PodConditionResponse> conditions,
    List<PodContainerStatusResponse> containerStatuses,
    @Nullable String hostIp,
    @Answered @Nullable String phase,
    @Nullable String podIp,
    List<PodIp> podIps,
    @Answered @Nullable String qosClass,
    @Nullable Instant startTime) {
  public PodStatusResponse {
    conditions = WireLists.orEmpty(conditions);
    containerStatuses = WireLists.orEmpty(containerStatuses);
    podIps = WireLists.orEmpty(podIps);
  }

  /** An address. */
  public record PodIp(@Nullable String ip) {}
}
