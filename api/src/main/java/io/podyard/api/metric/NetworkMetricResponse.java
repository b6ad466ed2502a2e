package io.podyard.api.metric;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counters of the network, since the start of the group's sandbox. */
public record NetworkMetricResponse(List<Interface> interfaces) {
  public NetworkMetricResponse {
    interfaces = WireLists.orEmpty(interfaces);
  }

  /** One interface; what is received comes into the group. */
  public record Interface(
      @Nullable String name,
      @Nullable Long rxBytes,
      @Nullable Long rxDrops,
      @Nullable Long rxErrors,
      @Nullable Long rxPackets,
      @Nullable Long txBytes,
      @Nullable Long txDrops,
      @Nullable Long txErrors,
      @Nullable Long txPackets) {}
}
