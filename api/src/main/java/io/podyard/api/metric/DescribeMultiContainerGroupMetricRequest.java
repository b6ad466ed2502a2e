package io.podyard.api.metric;

import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the newest record of each of some groups.
 *
 * @param containerGroupIds one to twenty
 * @param metricType {@code summary}, the only one there is, or null
 * @param ownerAccount accepted; the contract gives it no meaning
 * @param ownerId accepted; the contract gives it no meaning
 * @param regionId null means this installation's own region
 * @param resourceGroupId only groups of this one
 * @param resourceOwnerAccount accepted; the contract gives it no meaning
 * @param resourceOwnerId accepted; the contract gives it no meaning
 */
public record DescribeMultiContainerGroupMetricRequest(
    @Required @JsonArrayText(single = true) @MaxItems(20) List<String> containerGroupIds,
    @Nullable String metricType,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {
  public DescribeMultiContainerGroupMetricRequest {
    containerGroupIds = WireLists.orEmpty(containerGroupIds);
  }
}
