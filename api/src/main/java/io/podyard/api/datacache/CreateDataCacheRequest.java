package io.podyard.api.datacache;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a data cache: a host reads the source and holds what it has for groups to mount (contract
 * section 14).
 *
 * @param bucket {@code default} by default
 * @param eipCreateParam refused: hosts reach sources by their own network
 * @param eipInstanceId refused: hosts reach sources by their own network
 * @param name the id of the cache by default
 * @param ownerAccount kept; it means nothing
 * @param ownerId kept; it means nothing
 * @param path absolute; by it groups mount the cache
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount kept; it means nothing
 * @param resourceOwnerId kept; it means nothing
 * @param retentionDays days after which it is deleted; null for never
 * @param securityGroupId kept; it means nothing
 * @param size in GiB; the data must fit; 20 by default
 * @param vSwitchId kept; it means nothing
 */
public record CreateDataCacheRequest(
    @Nullable String bucket,
    @Nullable String clientToken,
    @Nullable DataSourceRequest dataSource,
    @Nullable EipCreateParamRequest eipCreateParam,
    @Nullable String eipInstanceId,
    @Nullable String name,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String path,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Integer retentionDays,
    @Nullable String securityGroupId,
    @Nullable Integer size,
    @MaxItems(21) List<Tag> tag,
    @Nullable String vSwitchId) {
  public CreateDataCacheRequest {
    tag = WireLists.orEmpty(tag);
  }
}
