package io.podyard.api.price;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Asks what a group of a size costs per second (contract section 18); what of it is refused is said
 * by {@link io.podyard.api.FieldTable}.
 *
 * @param cpu vCPU of the whole group; without any size it is the default one
 * @param memory GiB of the whole group
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param zoneId a zone of the region; prices are the same in all of them
 */
public record DescribeContainerGroupPriceRequest(
    @Nullable String computeCategory,
    @Nullable BigDecimal cpu,
    @Nullable Integer ephemeralStorage,
    @Nullable String instanceType,
    @Nullable BigDecimal memory,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Integer spotDuration,
    @Nullable BigDecimal spotPriceLimit,
    @Nullable String spotStrategy,
    @Nullable String zoneId) {}
