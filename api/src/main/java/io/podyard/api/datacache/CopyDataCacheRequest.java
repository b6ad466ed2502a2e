package io.podyard.api.datacache;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a data cache of another region from one that can be used (contract section 14), or at
 * another place in the same region.
 *
 * @param bucket that of the cache it is made from by default
 * @param destinationRegionId where it is made
 * @param name that of the cache it is made from by default
 * @param ownerAccount kept; it means nothing
 * @param ownerId kept; it means nothing
 * @param path that of the cache it is made from by default
 * @param regionId where the cache is that it is made from; null means this installation's own
 * @param resourceOwnerAccount kept; it means nothing
 * @param resourceOwnerId kept; it means nothing
 * @param retentionDays days after which it is deleted; null for never
 */
public record CopyDataCacheRequest(
    @Nullable String bucket,
    @Nullable String clientToken,
    @Required @Nullable String dataCacheId,
    @Required @Nullable String destinationRegionId,
    @Nullable String name,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String path,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Integer retentionDays,
    @MaxItems(21) List<Tag> tag) {
  public CopyDataCacheRequest {
    tag = WireLists.orEmpty(tag);
  }
}
