package io.podyard.api.stock;

import io.podyard.api.wire.Required;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Asks in which zones there is room for a group (contract section 6); what of it is refused is said
 * by {@link io.podyard.api.FieldTable}.
 *
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param zoneId null means all zones of the region
 */
public record DescribeAvailableResourceRequest(
    @Required @Nullable DestinationResource destinationResource,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable SpotResource spotResource,
    @Nullable String zoneId) {

  /**
   * What is looked for.
   *
   * @param category {@code InstanceType}
   * @param cores vCPU of the whole group
   * @param memory GiB of the whole group
   */
  public record DestinationResource(
      @Required @Nullable String category,
      @Nullable BigDecimal cores,
      @Nullable BigDecimal memory,
      @Nullable String value) {}

  /** How it would be paid for. */
  public record SpotResource(
      @Nullable Integer spotDuration,
      @Nullable BigDecimal spotPriceLimit,
      @Nullable String spotStrategy) {}
}
