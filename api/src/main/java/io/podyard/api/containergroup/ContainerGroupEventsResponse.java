package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one group. */
public record ContainerGroupEventsResponse(
    @Nullable String annotations,
    @Answered @Nullable String containerGroupId,
    List<ContainerGroupEventResponse> events,
    @Answered @Nullable String name,
    @Answered @Nullable String namespace,
    @Answered @WireName("uuid") @Nullable String uuid) {
  public ContainerGroupEventsResponse {
    events = WireLists.orEmpty(events);
  }
}
