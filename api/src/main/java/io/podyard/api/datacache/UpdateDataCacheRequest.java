package io.podyard.api.datacache;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes what is given of a data cache (contract section 14). A source, the same one too, has it
 * made anew; until that is done groups get what it held. A size alone is how much it may hold.
 *
 * @param bucket the cache moves there
 * @param eipCreateParam refused: hosts reach sources by their own network
 * @param eipInstanceId refused: hosts reach sources by their own network
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param retentionDays days from now after which it is deleted
 * @param securityGroupId kept; it means nothing
 * @param size in GiB
 * @param tag takes the place of all that it has
 * @param vSwitchId kept; it means nothing
 */
public record UpdateDataCacheRequest(
    @Nullable String bucket,
    @Nullable String clientToken,
    @Nullable String dataCacheId,
    @Nullable DataSourceRequest dataSource,
    @Nullable EipCreateParamRequest eipCreateParam,
    @Nullable String eipInstanceId,
    @Nullable String name,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Integer retentionDays,
    @Nullable String securityGroupId,
    @Nullable Integer size,
    @MaxItems(21) List<Tag> tag,
    @Nullable String vSwitchId) {
  public UpdateDataCacheRequest {
    tag = WireLists.orEmpty(tag);
  }
}
