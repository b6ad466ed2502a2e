package io.podyard.api.region;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One region and its zones. */
public record RegionResponse(
    List<String> recommendZones,
    @Nullable String regionEndpoint,
    @Answered @Nullable String regionId,
    List<String> unavailableZones,
    List<String> zones) {
  public RegionResponse {
    recommendZones = WireLists.orEmpty(recommendZones);
    unavailableZones = WireLists.orEmpty(unavailableZones);
    zones = WireLists.orEmpty(zones);
  }
}
