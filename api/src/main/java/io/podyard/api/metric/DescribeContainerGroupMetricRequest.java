package io.podyard.api.metric;

import io.podyard.api.wire.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks what a group used in a period of time. Without both times that is the last five minutes by
 * 15 seconds, whatever the period says.
 *
 * @param endTime null means now
 * @param ownerAccount accepted; the contract gives it no meaning
 * @param ownerId accepted; the contract gives it no meaning
 * @param period seconds that a record stands for: {@code 15}, {@code 30}, {@code 60} (when absent)
 *     or {@code 600}
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; the contract gives it no meaning
 * @param resourceOwnerId accepted; the contract gives it no meaning
 * @param startTime within the last 30 days; null means five minutes before the end
 */
public record DescribeContainerGroupMetricRequest(
    @Required @Nullable String containerGroupId,
    @Nullable Instant endTime,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String period,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Instant startTime) {}
