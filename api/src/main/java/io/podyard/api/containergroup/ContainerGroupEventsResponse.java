package io.podyard.api.containergroup;

import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one group. */
public record ContainerGroupEventsResponse(
    @Nullable String annotations,
    @Nullable String containerGroupId,
    List<ContainerGroupEventResponse> events,
    @Nullable String name,
    @Nullable String namespace,
    @WireName("uuid") @Nullable String uuid) {
  public ContainerGroupEventsResponse {
    events = WireLists.orEmpty(events);
  }
}
