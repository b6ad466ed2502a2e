package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link DescribeContainerGroupsRequest}. Parameters this version refuses
 * are not offered here; what is never named stays absent.
 */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class DescribeContainerGroupsRequestBuilder {

  private @Nullable List<String> containerGroupIds;
  private @Nullable String containerGroupName;
  private @Nullable Integer limit;
  private @Nullable String nextToken;
  private @Nullable String ownerAccount;
  private @Nullable Long ownerId;
  private @Nullable String regionId;
  private @Nullable String resourceGroupId;
  private @Nullable String resourceOwnerAccount;
  private @Nullable Long resourceOwnerId;
  private @Nullable String securityGroupId;
  private @Nullable String status;
  private List<Tag> tag = List.of();
  private @Nullable String vSwitchId;
  private @Nullable Boolean withEvent;
  private @Nullable String zoneId;

  DescribeContainerGroupsRequestBuilder() {}

  public DescribeContainerGroupsRequestBuilder containerGroupIds(@Nullable List<String> value) {
    this.containerGroupIds = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder containerGroupName(@Nullable String value) {
    this.containerGroupName = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder limit(@Nullable Integer value) {
    this.limit = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder nextToken(@Nullable String value) {
    this.nextToken = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder ownerAccount(@Nullable String value) {
    this.ownerAccount = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder ownerId(@Nullable Long value) {
    this.ownerId = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder regionId(@Nullable String value) {
    this.regionId = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder resourceGroupId(@Nullable String value) {
    this.resourceGroupId = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder resourceOwnerAccount(@Nullable String value) {
    this.resourceOwnerAccount = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder resourceOwnerId(@Nullable Long value) {
    this.resourceOwnerId = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder securityGroupId(@Nullable String value) {
    this.securityGroupId = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder status(@Nullable String value) {
    this.status = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder tag(List<Tag> value) {
    this.tag = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder vSwitchId(@Nullable String value) {
    this.vSwitchId = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder withEvent(@Nullable Boolean value) {
    this.withEvent = value;
    return this;
  }

  public DescribeContainerGroupsRequestBuilder zoneId(@Nullable String value) {
    this.zoneId = value;
    return this;
  }

  /** The record with everything named so far. */
  public DescribeContainerGroupsRequest build() {
    return new DescribeContainerGroupsRequest(
        null,
        containerGroupIds,
        containerGroupName,
        limit,
        nextToken,
        ownerAccount,
        ownerId,
        regionId,
        resourceGroupId,
        resourceOwnerAccount,
        resourceOwnerId,
        securityGroupId,
        status,
        tag,
        vSwitchId,
        withEvent,
        zoneId);
  }
}
