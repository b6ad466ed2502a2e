package io.podyard.api.stock;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where there is room, in the layout that old SDKs read (contract section 2.3). */
public record DescribeAvailableResourceResponse(
    @Nullable AvailableZones availableZones, @Nullable String requestId) {

  /** Zones. */
  public record AvailableZones(List<AvailableZone> availableZone) {
    public AvailableZones {
      availableZone = WireLists.orEmpty(availableZone);
    }
  }

  /** A zone. */
  public record AvailableZone(
      @Nullable AvailableResources availableResources,
      @Nullable String regionId,
      @Nullable String zoneId) {}

  /** What there is in a zone. */
  public record AvailableResources(List<AvailableResource> availableResource) {
    public AvailableResources {
      availableResource = WireLists.orEmpty(availableResource);
    }
  }

  /** What there is of one kind. */
  public record AvailableResource(
      @Nullable SupportedResources supportedResources, @Nullable String type) {}

  /** The members of a kind. */
  public record SupportedResources(List<SupportedResource> supportedResource) {
    public SupportedResources {
      supportedResource = WireLists.orEmpty(supportedResource);
    }
  }

  /**
   * One of them.
   *
   * @param statusCategory {@code WithStock}, {@code WithoutStock} or {@code ClosedWithoutStock}
   * @param value the size, for example {@code 2-4Gi}
   */
  public record SupportedResource(@Nullable String statusCategory, @Nullable String value) {}
}
