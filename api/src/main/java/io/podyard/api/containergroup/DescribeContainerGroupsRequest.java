package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists container groups; each filter that is present must match.
 *
 * @param containerGroupIds at most twenty; null means all, and an empty list none, since a program
 *     that asks for the groups it knows and knows none is not to get everybody's
 * @param limit 1 to 20, 20 by default
 * @param nextToken from the previous answer; absent asks for the first page
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param withEvent true adds the events of each group
 */
public record DescribeContainerGroupsRequest(
    @Nullable String computeCategory,
    @JsonArrayText(single = true) @MaxItems(20) @Nullable List<String> containerGroupIds,
    @Nullable String containerGroupName,
    @Nullable Integer limit,
    @Nullable String nextToken,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable String securityGroupId,
    @Nullable String status,
    @MaxItems(10) List<Tag> tag,
    @Nullable String vSwitchId,
    @Nullable Boolean withEvent,
    @Nullable String zoneId) {
  public DescribeContainerGroupsRequest {
    containerGroupIds = containerGroupIds == null ? null : WireLists.orEmpty(containerGroupIds);
    tag = WireLists.orEmpty(tag);
  }

  /** Starts with everything absent. */
  public static DescribeContainerGroupsRequestBuilder builder() {
    return new DescribeContainerGroupsRequestBuilder();
  }
}
